import { armToken, arm, kill, rootCatches } from './arm.ts'
import { beside } from './beside.ts'
import { scopeCatches } from './catches.ts'
import { readNote } from './note.ts'
import { refusals } from './refusals.ts'
import { addToken, elementOf, schedule, type Run, type WorkToken } from './run.ts'
import type { CompiledProcess, CoreEvent, ElementInfo, StepRefusal } from './types.ts'

const BRANCH = 'it lies in one branch of a split whose other branches would be missing; take the step before the split'
const BRANCH_PERSON = '目标步骤所在的并行支路已汇合或尚未开始，请选择分支之前的步骤'
type MoveEvent = Extract<CoreEvent, { kind: 'move' }>

/** (Sub-)processes around an element, the outermost first; '' is not among them. */
export function scopesAround(process: CompiledProcess, id: string): ElementInfo[] {
  const path: ElementInfo[] = []
  for (let at = process.elements[id]?.scope; at !== undefined; at = process.elements[at]?.scope) { const el = process.elements[at]; if (el) path.unshift(el) }
  return path
}

/** Where a token can be put: what a flow can lead to, except a join, which waits for others. */
export function canBePutAt(process: CompiledProcess, el: ElementInfo): boolean {
  if (el.forCompensation || ['startEvent', 'boundaryEvent', 'eventSubProcess', 'eventBasedGateway'].includes(el.type)) return el.type === 'eventBasedGateway'
  return !el.type.endsWith('Gateway') || (process.index.incoming[el.id] ?? []).length < 2
}

/** The instance of the level on which the target will stand: the innermost that is running and holds the mover. */
function levelFor(run: Run, target: ElementInfo, from: WorkToken | undefined): { scope: number; rest: ElementInfo[] } | null {
  const path = scopesAround(run.process, target.id)
  const around = new Set<number>([0])
  for (let t = from; t; t = run.tokens.find(x => x.id === t?.scope)) around.add(t.scope)
  let scope = 0
  for (let i = 0; i < path.length; i++) {
    const hosts = run.tokens.filter(t => t.scope === scope && t.at === path[i]?.id)
    const held = from ? descend(run, hosts, around) : hosts.length === 1 && hosts[0]?.note !== 'loop' ? hosts[0] : hosts.length === 0 ? undefined : null
    if (held === null) return null
    if (!held) return { scope, rest: path.slice(i) }
    scope = held.id
  }
  return { scope, rest: [] }
}

/** The host that the mover stands in; of a repeated sub-process its own run. */
function descend(run: Run, hosts: WorkToken[], around: Set<number>): WorkToken | undefined {
  const host = hosts.find(t => around.has(t.id))
  if (host?.note !== 'loop') return host
  return run.tokens.find(t => t.scope === host.id && around.has(t.id))
}

/** Where a token stands on its level: a flow when it waits at a join or for the effects of a flow. */
const placeOf = (token: WorkToken): string => { const note = readNote(token.note); return (note?.phase === 'by' || note?.phase === 'flow') && note.ref !== 'fired' ? note.ref : token.at }
const startsBeside = (run: Run, id: string): boolean => (run.process.index.starts[id] ?? []).every(s => run.process.elements[s]?.interrupting === false)

/**
 * Puts a token at another element: back (return, withdraw) or wherever an administrator says. Taken along is every token of that
 * level that cannot stand beside the target; refused is what would leave a branch of a split without its token.
 */
export function takeMove(run: Run, event: MoveEvent): StepRefusal | null {
  const target = run.process.elements[event.to]
  const from = event.token === undefined ? undefined : run.tokens.find(t => t.id === event.token)
  if (event.token !== undefined && !from) return refusals.unknownToken(run.process, event.token, 'can be moved')
  if (!target || !canBePutAt(run.process, target)) return refusals.noWay(run.process, event.to, 'no token can be put there', '该步骤不能作为目标')
  const level = levelFor(run, target, from)
  if (!level) return refusals.noWay(run.process, event.to, 'it lies in a sub-process that runs several times', '目标步骤所在的子流程有多个正在进行，无法确定目标')
  const blocked = level.rest.find(el => el.type !== 'subProcess' || el.loop)
  if (blocked) return refusals.noWay(run.process, event.to, `it lies in ${blocked.id}, which ${blocked.loop ? 'runs several times' : 'begins by its event alone'}`, '目标步骤所在的子流程不能从外部进入')
  const entry = level.rest[0] ?? target
  // entered anew, nothing else stands inside
  if ([...level.rest.slice(1), ...(level.rest.length > 0 ? [target] : [])].some(el => (beside(run.process, el.scope).get(el.id)?.size ?? 0) > 0)) return refusals.noWay(run.process, event.to, BRANCH, BRANCH_PERSON)
  const taken = takenAlong(run, entry, level.scope, from)
  if ('refused' in taken) return taken
  place(run, taken, level, target, event.who)
  return null
}

function takenAlong(run: Run, entry: ElementInfo, scope: number, from: WorkToken | undefined): WorkToken[] | StepRefusal {
  const map = beside(run.process, entry.scope)
  const around = map.get(entry.id) ?? new Set<string>()
  const isBeside = (t: WorkToken): boolean => (elementOf(run, t.at).type === 'eventSubProcess' ? startsBeside(run, t.at) : around.has(placeOf(t)))
  const here = run.tokens.filter(t => t.scope === scope)
  const taken = here.filter(t => !isBeside(t))
  let mover: WorkToken | undefined = from
  while (mover && mover.scope !== scope) { const id = mover.scope; mover = run.tokens.find(t => t.id === id) }
  if (mover ? !taken.includes(mover) : taken.length === 0) return refusals.noWay(run.process, entry.id, 'it lies in another branch, which goes on by itself', '目标步骤在另一条并行支路上，不能跨支路')
  const whole = (t: WorkToken): boolean => { const own = map.get(placeOf(t)); return [...around].every(p => own?.has(p)) }
  // a branch of a split that is over would come to its join alone
  if (!(mover ? [mover] : taken).some(whole)) return refusals.noWay(run.process, entry.id, BRANCH, BRANCH_PERSON)
  return taken
}

function place(run: Run, taken: WorkToken[], level: { scope: number; rest: ElementInfo[] }, target: ElementInfo, who: unknown): void {
  const interrupted = taken.some(t => elementOf(run, t.at).type === 'eventSubProcess' && !startsBeside(run, t.at))
  for (const t of taken) if (run.tokens.includes(t)) kill(run, t)
  const host = run.tokens.find(t => t.id === level.scope)
  // the level hears its events again
  if (interrupted) arm(run, host ? scopeCatches(run, host.id, host.at, host.fired) : rootCatches(run))
  let { scope } = level
  for (const el of level.rest) {
    if (el.status) run.effects.push({ kind: 'status', value: el.status })
    const token = addToken(run, el.id, scope, {})
    armToken(run, token)
    scope = token.id
  }
  const token = addToken(run, target.id, scope, {})
  if (who !== undefined && target.type === 'userTask' && !target.loop) token.who = who
  schedule(run, token)
}
