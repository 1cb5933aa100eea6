import { compileProcess } from '#server/runtime/process/bpmn/compile.ts'
import type { CompiledProcess, EffectDef, ElementInfo, ElementType, Evaluate, FlowInfo, OutcomeDef, State, StepRefusal, StepResult, CoreEvent } from '#server/runtime/process/core/types.ts'
import { isRefusal, step } from '#server/runtime/process/core/step.ts'
import { start } from '#server/runtime/process/core/start.ts'

/** Builds processes for tests without XML. */
export type ElementSpec = Partial<Omit<ElementInfo, 'outcomes'>> & { type: ElementType; outcomes?: string[] | OutcomeDef[] }
/** "id: source -> target [condition]"; a leading * marks the default flow */
export type FlowSpec = string | (Partial<FlowInfo> & { flow: string })

const outcomesOf = (list: string[] | OutcomeDef[] | undefined): OutcomeDef[] =>
  (list ?? []).map(o => (typeof o === 'string' ? { id: o, label: o, comment: 'none' as const } : o))
const FLOW = /^(\*)?(\w+): (\S+) -> (\S+)(?: \[(.+)\])?$/

export function build(elements: Record<string, ElementSpec>, flows: FlowSpec[]): CompiledProcess {
  const graph = { id: 'p', name: 'p', file: 'p.bpmn', drawn: [], line: 1, elements: {} as Record<string, ElementInfo>, flows: {} as Record<string, FlowInfo> }
  for (const [id, spec] of Object.entries(elements)) {
    const event = spec.type.endsWith('Event') ? { event: 'none' as const } : {}
    graph.elements[id] = { id, name: id, inputs: [], outputs: [], effects: [], line: 1, ...event, ...spec, outcomes: outcomesOf(spec.outcomes) }
  }
  for (const spec of flows) {
    const { flow, ...more } = typeof spec === 'string' ? { flow: spec } : spec
    const [, star, id = '', source = '', target = '', condition] = FLOW.exec(flow) ?? []
    if (!id) throw new Error(`not a flow: ${flow}`)
    graph.flows[id] = { id, source, target, isDefault: star === '*', effects: [], line: 1, ...(condition ? { condition } : {}), ...more }
  }
  return compileProcess(graph)
}

export const setEffect = (values: Record<string, string>, more: Partial<EffectDef> = {}): EffectDef =>
  ({ kind: 'set', id: 'set1', values: Object.entries(values).map(([name, expr]) => ({ name, expr })), unless: [], ...more })

/** FEEL for tests: `outcome = "x"`, literals, and otherwise the answers given by text. */
export const answering = (answers: Record<string, unknown> = {}): Evaluate => (text, extra = {}) => {
  if (text in answers) return answers[text]
  const tested = /^(outcome|input) = "(.*)"$/.exec(text)
  if (tested) return extra[tested[1] ?? ''] === tested[2]
  if (text === 'true' || text === 'false') return text === 'true'
  return text in extra ? extra[text] : null
}

/** One instance in a test: keeps the state, throws on refusals so that a test says what it expects. */
export class Instance {
  state: State
  effects: StepResult['effects'] = []
  renumbered: StepResult['renumbered']
  readonly process: CompiledProcess
  answers: Record<string, unknown>
  constructor(process: CompiledProcess, answers: Record<string, unknown> = {}, event: Omit<Extract<CoreEvent, { kind: 'start' }>, 'kind'> = {}) {
    this.process = process
    this.answers = answers
    this.state = { marking: { tokens: [], scopes: [], next: 1 }, variables: {} }
    this.take(start(process, { kind: 'start', ...event }, answering(answers)))
  }
  private take(result: StepResult | StepRefusal): this {
    if (isRefusal(result)) throw new Error(result.message)
    this.state = result.state
    this.effects = result.effects
    this.renumbered = result.renumbered
    return this
  }
  send(event: CoreEvent): this { return this.take(step(this.process, this.state, event, answering(this.answers))) }
  try(event: CoreEvent): StepResult | StepRefusal { return step(this.process, this.state, event, answering(this.answers)) }
  /** id of the (n-th) token at an element */
  at(element: string, n = 0): number {
    const token = this.state.marking.tokens.filter(t => t.at === element)[n]
    if (!token) throw new Error(`no token at ${element}: ${JSON.stringify(this.state.marking.tokens)}`)
    return token.id
  }
  do(element: string, outcome = 'ok', n = 0): this { return this.send({ kind: 'outcome', token: this.at(element, n), outcome }) }
  /** where the tokens stand, sorted */
  get places(): string[] { return this.state.marking.tokens.map(t => t.at).sort() }
  of<K extends StepResult['effects'][number]['kind']>(kind: K): Extract<StepResult['effects'][number], { kind: K }>[] {
    return this.effects.filter(e => e.kind === kind) as Extract<StepResult['effects'][number], { kind: K }>[]
  }
}
