import { SaxesParser } from 'saxes'

export interface SourceAttribute { uri: string; local: string; prefix: string; value: string; line: number }
/** One XML element as written: what a line number can be given for. */
export interface SourceNode {
  uri: string; local: string; prefix: string; line: number
  attributes: SourceAttribute[]
  children: SourceNode[]
  parent: SourceNode | null
  text: string
}
export interface Source { root: SourceNode | null; problem: { line: number; message: string } | null }

/** Reads XML into nodes with line numbers; stops at the first mistake. */
export function readSource(xml: string): Source {
  const parser = new SaxesParser({ xmlns: true })
  const source: Source = { root: null, problem: null }
  let open: SourceNode | null = null
  let tagLine = 1
  let lines: number[] = []
  parser.on('error', error => { source.problem ??= { line: parser.line, message: error.message.replace(/^\d+:\d+: /, '') } })
  parser.on('opentagstart', () => { tagLine = parser.line; lines = [] })
  parser.on('attribute', () => { lines.push(parser.line) })
  parser.on('opentag', tag => {
    const attributes = Object.values(tag.attributes).map((a, i) => ({ uri: a.uri, local: a.local, prefix: a.prefix, value: a.value, line: lines[i] ?? tagLine }))
    const node: SourceNode = { uri: tag.uri, local: tag.local, prefix: tag.prefix, line: tagLine, attributes, children: [], parent: open, text: '' }
    if (open) open.children.push(node)
    else source.root = node
    open = node
  })
  const addText = (text: string): void => { if (open) open.text += text }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => { open = open?.parent ?? null })
  parser.write(xml).close()
  return source
}

export const attributeOf = (node: SourceNode, local: string, uri = ''): SourceAttribute | undefined => node.attributes.find(a => a.local === local && a.uri === uri)
export const idOf = (node: SourceNode): string | undefined => attributeOf(node, 'id')?.value

/** What a message calls a node: its id, else its tag. */
export const called = (node: SourceNode): string => idOf(node) ?? `<${node.local}>`

/** Every node, parents first. */
export function* walk(node: SourceNode): Generator<SourceNode> {
  yield node
  for (const child of node.children) yield* walk(child)
}

/** Attribute values and texts of a node and of what belongs to it (not of elements inside a sub-process). */
export function textsOf(node: SourceNode): { text: string; line: number }[] {
  const own = [...node.attributes.map(a => ({ text: a.value.trim(), line: a.line })), { text: node.text.trim(), line: node.line }]
  const inner = node.children.filter(c => node.local !== 'subProcess' || c.local === 'extensionElements').flatMap(textsOf)
  return [...own, ...inner].filter(t => t.text !== '')
}
