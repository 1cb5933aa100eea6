import { BpmnModdle, type ModdleElement, type ModdleWarning } from 'bpmn-moddle'
import type { Finding } from '#server/runtime/definitions/model.ts'
import { checkSource } from './check.ts'
import { certflowDescriptor } from './descriptor.ts'
import { findingsOf, type Findings } from './finding.ts'
import type { ProcessGraph } from './graph.ts'
import { readProcess } from './read-process.ts'
import { attributeOf, idOf, readSource, walk, type SourceNode } from './source.ts'
import { BPMN_URI } from './vocabulary.ts'

export interface ParsedBpmn {
  /** the main process; null when the file cannot be read */
  process: ProcessGraph | null
  /** the file's other processes, for its call activities */
  others: Record<string, ProcessGraph>
  findings: Finding[]
}

/** Reads a BPMN file. Never throws for what the file says: every mistake is a finding with its line. */
export async function parseBpmn(xml: string, file: string): Promise<ParsedBpmn> {
  const found = findingsOf(file)
  const source = readSource(xml)
  if (source.problem || !source.root) {
    found.error(source.problem?.line ?? 1, 'bpmn.xml', `not well-formed XML: ${source.problem?.message ?? 'the file is empty'}`, 'correct the XML at this line')
    return { process: null, others: {}, findings: found.list }
  }
  if (source.root.uri !== BPMN_URI || source.root.local !== 'definitions') {
    found.error(source.root.line, 'bpmn.root', `the root is <${source.root.local}>, not <bpmn:definitions> of ${BPMN_URI}`, 'save the diagram as BPMN 2.0 XML')
    return { process: null, others: {}, findings: found.list }
  }
  checkSource(source.root, found)
  const { rootElement, warnings } = await new BpmnModdle({ certflow: certflowDescriptor }).fromXML(xml)
  const nodes = nodesById(source.root)
  for (const warning of warnings) report(warning, nodes, found)
  const drawn = [...walk(source.root)].filter(n => n.local === 'BPMNShape' || n.local === 'BPMNEdge').map(n => attributeOf(n, 'bpmnElement')?.value ?? '')
  const read = processesOf(rootElement).map(p => ({ main: p.isExecutable === true, graph: readProcess(p, nodes, file, drawn, found) }))
  const main = pickMain(read, source.root, found)
  const others = Object.fromEntries(read.filter(r => r.graph !== main).map(r => [r.graph.id, r.graph]))
  return { process: main, others, findings: found.list.sort((a, b) => a.line - b.line) }
}

const processesOf = (root: ModdleElement): ModdleElement[] => ((root.rootElements as ModdleElement[] | undefined) ?? []).filter(e => e.$type === 'bpmn:Process')

function nodesById(root: SourceNode): Map<string, SourceNode> {
  const nodes = new Map<string, SourceNode>()
  for (const node of walk(root)) { const id = idOf(node); if (id !== undefined && node.uri === BPMN_URI && !nodes.has(id)) nodes.set(id, node) }
  return nodes
}

function pickMain(read: { main: boolean; graph: ProcessGraph }[], root: SourceNode, found: Findings): ProcessGraph | null {
  const executable = read.filter(r => r.main)
  if (executable.length > 1) found.error(executable[1]?.graph.line ?? 1, 'bpmn.main', `several processes are executable: ${executable.map(e => e.graph.id).join(', ')}`, 'mark one main process with isExecutable="true"; the others may be called by it')
  if (read.length === 0) found.error(root.line, 'bpmn.main', 'the file has no <bpmn:process>', 'draw a process')
  else if (executable.length === 0 && read.length > 1) found.error(read[0]?.graph.line ?? 1, 'bpmn.main', 'none of the processes is executable', 'mark the main process with isExecutable="true"')
  return (executable[0] ?? read[0])?.graph ?? null
}

/** What only the meta-model sees: references to nothing and content out of place. Attributes and ids are checked on the source. */
function report(warning: ModdleWarning, nodes: Map<string, SourceNode>, found: Findings): void {
  const written = /line: (\d+)/.exec(warning.message)?.[1]
  const owner = warning.element?.id ?? warning.element?.$parent?.id
  const line = written !== undefined ? Number(written) + 1 : (owner !== undefined ? nodes.get(owner)?.line : undefined) ?? 1
  if (/duplicate ID|^unknown attribute/i.test(warning.message) || (!/unresolved reference/.test(warning.message) && found.list.some(f => f.line === line))) return
  const [first = ''] = warning.message.split('\n')
  if (/unresolved reference/.test(first)) {
    const target = warning.value === undefined ? 'nothing' : `"${String(warning.value)}", which does not exist`
    const property = (warning.property ?? 'reference').replace('bpmn:', '')
    if (/bpmndi|:BPMN(Shape|Edge)/.test(warning.element?.$type ?? '')) found.warn(line, 'bpmn.diagram', `the diagram draws ${target}`, 'delete the shape, or save the diagram anew')
    else found.error(line, 'bpmn.reference', `${owner ?? 'an element'}: ${property} refers to ${target}`, 'refer to an id of this file')
  } else found.error(line, 'bpmn.content', `${first}${owner ? ` on ${owner}` : ''}`, 'remove it, or write it as BPMN 2.0 prescribes')
}
