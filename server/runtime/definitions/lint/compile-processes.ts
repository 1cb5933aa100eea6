import type { CompiledProcess } from '../../process/core/types.ts'
import { entitiesOf } from '../entities.ts'
import type { Definitions, Finding, ProcessSource, ProgrammeDef } from '../model.ts'
import type { LintOptions } from './context.ts'
import { calledSource } from '../resolve/called-processes.ts'

/** The BPMN side, given by the caller: definitions do not depend on a parser. */
export interface BpmnTools<Graph extends { id: string }> {
  parse: (xml: string, file: string) => Promise<{ process: Graph | null; others: Record<string, Graph>; findings: Finding[] }>
  compile: (graph: Graph, options: { resolve: (calledElement: string) => Graph | undefined }) => CompiledProcess
  /** what a process by itself may be told, given the states of the entity it governs */
  lint?: (process: CompiledProcess, context: { states?: ReadonlySet<string> }) => Finding[]
}

/** Parses every process once and compiles it per programme; call activities resolve hook → programme → family → core. */
export const compileProcesses = async <Graph extends { id: string }>(definitions: Definitions, tools: BpmnTools<Graph>): Promise<{ process: NonNullable<LintOptions['process']>; findings: Finding[] }> => {
  const findings: Finding[] = []
  const parsed = new Map<string, Awaited<ReturnType<typeof tools.parse>>>()
  const keyOf = (s: ProcessSource): string => `${s.file}\n${s.hash}`
  for (const programme of Object.values(definitions.programmes)) {
    for (const source of Object.values(programme.processes)) {
      if (parsed.has(keyOf(source))) continue
      const result = await tools.parse(source.xml, source.file)
      parsed.set(keyOf(source), result)
      findings.push(...result.findings)
    }
  }
  const compiled = new Map<string, CompiledProcess>()
  for (const programme of Object.values(definitions.programmes)) {
    for (const source of Object.values(programme.processes)) {
      const graph = parsed.get(keyOf(source))
      if (!graph?.process) continue
      const resolve = (called: string): Graph | undefined => {
        const other = calledSource(programme.processes, programme.hooks, called)
        return graph.others[called] ?? (other && parsed.get(keyOf(other))?.process) ?? undefined
      }
      const process = tools.compile(graph.process, { resolve })
      compiled.set(`${programme.id}\n${source.id}`, process)
      if (tools.lint) findings.push(...tools.lint(process, contextOf(programme, source.id)))
    }
  }
  const unique = [...new Map(findings.map((f) => [`${f.file}:${f.line}:${f.code}:${f.message}`, f])).values()]
  return { process: (programme, id) => compiled.get(`${programme.id}\n${id}`), findings: unique }
}

const contextOf = (programme: ProgrammeDef, process: string): { states?: ReadonlySet<string> } => {
  const states = entitiesOf(programme).find((e) => e.form.process === process)?.properties.status?.states
  return states ? { states: new Set(Object.keys(states)) } : {}
}
