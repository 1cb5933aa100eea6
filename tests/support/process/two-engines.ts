import { Engine, type BpmnEngineOptions } from 'bpmn-engine'
import { compileProcess, parseBpmn } from '#server/runtime/process/bpmn/index.ts'
import { isRefusal, start, step, waits, type CompiledProcess, type CoreEvent, type Evaluate, type State, type StepRefusal, type StepResult } from '#server/runtime/process/core/index.ts'
import type { Drawing } from './drawing.ts'

/** What may happen next, named as both engines name it: `task n3`, `call n4`, `mail n5`, `timer n6`. */
export type Open = string
/** One instance: what it waits for, what it did, whether it is over. */
export interface Run {
  open(): Open[]
  /** `fail`: the operation answers with an error */
  do(what: Open, fail?: boolean): void
  /** everything that was completed or reached, in any order */
  trace(): string[]
  ended(): boolean
}

export async function compiled(drawing: Drawing): Promise<CompiledProcess> {
  const { process, findings } = await parseBpmn(drawing.xml, 'drawing.bpmn')
  const wrong = findings.filter(f => f.level === 'error')
  if (!process || wrong.length > 0) throw new Error(`the drawing is not read: ${JSON.stringify(wrong)}`)
  return compileProcess(process)
}

export function runOurs(process: CompiledProcess, drawing: Drawing, each: (state: State, event: CoreEvent, result: StepResult) => void = () => {}): Run {
  const evaluate: Evaluate = text => /^\d+$/.test(text) ? Number(text) : drawing.holds[/holds\.(\w+)/.exec(text)?.[1] ?? ''] ?? null
  const trace: string[] = []
  let state: State
  const take = (result: StepResult | StepRefusal): void => {
    if (isRefusal(result)) throw new Error(result.message)
    state = result.state
    for (const e of result.effects) {
      if (e.kind === 'status') trace.push(`reached ${e.value}`)
      if (e.kind === 'incident') throw new Error(e.message)
    }
  }
  take(start(process, { kind: 'start' }, evaluate))
  const KIND = { task: 'task', operation: 'call', message: 'mail', timer: 'timer' } as const
  const list = () => waits(process, state).map(w => ({ wait: w, name: `${KIND[w.kind as keyof typeof KIND]} ${w.element}` }))
  return {
    open: () => list().map(w => w.name).sort(),
    do(what, fail = false) {
      const found = list().find(w => w.name === what)
      if (!found) throw new Error(`${what} is not open`)
      const { token, element, kind, name } = found.wait
      const event: CoreEvent = kind === 'task' ? { kind: 'outcome', token, outcome: 'ok' } : kind === 'timer' ? { kind: 'timer', token, element } : kind === 'message' ? { kind: 'message', name, token }
        : { kind: 'operationResult', token, ...(fail ? { error: { code: element, message: 'failed' } } : { output: {} }) }
      const before = state
      const result = step(process, state, event, evaluate)
      take(result)
      if (!fail && !drawing.several.has(element)) trace.push(`done ${element}`)
      if (!isRefusal(result)) each(before, event, result)
    },
    trace: () => [...trace].sort(),
    ended: () => state.marking.ended ?? false,
  }
}

/** `type` is that of the event definition once that has spoken; the owner's stays */
interface Api { id: string; type: string; owner?: { type: string; isRunning: boolean }; signal(message?: unknown): void }
interface Timer { owner: { id: string } | null; callback: (...args: unknown[]) => void; args: unknown[] }
/** Timers that fire when they are told to. */
class DrivenTimers {
  readonly executing: Timer[] = []
  private open(owner: Timer['owner'], callback: Timer['callback'], args: unknown[]): Timer { const t = { owner, callback, args }; this.executing.push(t); return t }
  register(owner: Timer['owner']) {
    return { setTimeout: (callback: Timer['callback'], _delay: number, ...args: unknown[]) => this.open(owner, callback, args), clearTimeout: (t: Timer) => this.clearTimeout(t) }
  }
  setTimeout(callback: Timer['callback'], _delay: number, ...args: unknown[]): Timer { return this.open(null, callback, args) }
  clearTimeout(t: Timer): void { const at = this.executing.indexOf(t); if (at >= 0) this.executing.splice(at, 1) }
  fire(element: string): void {
    const t = this.executing.find(x => x.owner?.id === element)
    if (!t) throw new Error(`no timer of ${element}`)
    this.clearTimeout(t)
    t.callback(...t.args)
  }
}
type Answer = (error: Error | null, output?: unknown) => void

/** The same drawing in bpmn-engine, driven from outside: operations, messages and timers wait until they are told. */
export async function runTheirs(drawing: Drawing): Promise<Run> {
  const tasks = new Map<string, Api[]>()
  const mails = new Map<string, Api[]>()
  const calls = new Map<string, Answer>()
  // what a terminate end takes along says nothing
  const running = (waiting: Map<string, Api[]>): string[] => [...waiting].flatMap(([id, all]) => all.filter(api => api.owner?.isRunning).map(() => id))
  const trace: string[] = []
  const timers = new DrivenTimers()
  let over = false
  const heard = {
    emit(name: string, api: Api): void {
      const { id } = api
      const type = api.owner?.type
      if (name === 'activity.wait' && type === 'bpmn:UserTask') tasks.set(id, [...tasks.get(id) ?? [], api])
      if (name === 'activity.wait' && type === 'bpmn:IntermediateCatchEvent' && !drawing.links.has(id)) mails.set(id, [...mails.get(id) ?? [], api])
      if (name === 'activity.enter' || name === 'activity.leave') { tasks.delete(id); mails.delete(id) }
      if (name === 'activity.enter' && (type === 'bpmn:EndEvent' || type === 'bpmn:SubProcess')) trace.push(`reached ${id}`)
      if (name === 'activity.end' && (type === 'bpmn:UserTask' || type === 'bpmn:ServiceTask' || type === 'bpmn:IntermediateCatchEvent') && !drawing.links.has(id) && !drawing.several.has(id)) trace.push(`done ${id}`)
      if (name === 'activity.end' && type === 'bpmn:InclusiveGateway') trace.push(`passed ${id}`)
      if (name === 'activity.timeout' && type === 'bpmn:BoundaryEvent') trace.push(`done ${id}`)
      if (name === 'definition.leave') over = true
    },
  }
  class Service {
    private readonly id: string
    constructor(activity: { id: string }) { this.id = activity.id }
    execute(_message: unknown, answer: Answer): void { calls.set(this.id, answer) }
    discard(): void { calls.delete(this.id) }
    stop(): void { calls.delete(this.id) }
  }
  const engine = new Engine({
    name: 'drawing', source: drawing.xml, timers: timers as unknown as NonNullable<BpmnEngineOptions['timers']>,
    extensions: { operations: ((activity: { type: string; behaviour: { Service?: unknown } }) => { if (activity.type === 'bpmn:ServiceTask') activity.behaviour.Service = Service }) as never },
  })
  await engine.execute({ listener: heard, variables: { holds: drawing.holds } })
  return {
    open: () => [...running(tasks).map(k => `task ${k}`), ...[...calls.keys()].map(k => `call ${k}`), ...running(mails).map(k => `mail ${k}`), ...timers.executing.map(t => `timer ${t.owner?.id ?? ''}`)].sort(),
    do(what, fail = false) {
      const [kind = '', id = ''] = what.split(' ')
      if (kind === 'timer') timers.fire(id)
      else if (kind === 'mail' || kind === 'task') {
        const waiting = kind === 'mail' ? mails : tasks
        const [api, ...others] = waiting.get(id) ?? []
        if (others.length > 0) waiting.set(id, others)
        else waiting.delete(id)
        api?.signal()
      }
      else {
        const answer = calls.get(id)
        calls.delete(id)
        answer?.(fail ? Object.assign(new Error('failed'), { code: id }) : null, {})
      }
    },
    trace: () => [...trace].sort(),
    ended: () => over,
  }
}
