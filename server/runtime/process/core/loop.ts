import { armToken, disarmToken, kill } from './arm.ts'
import type { Enter } from './elements/behaviour.ts'
import { leave } from './leave.ts'
import { actedIn, placeOf, totalsOf, withoutLoopNames, type LoopState } from './loop-state.ts'
import { stick, writeNote } from './note.ts'
import { addToken, answer, elementOf, incident, loopNames, moveOn, namesAt, removeToken, schedule, whyNot, type Names, type Run, type WorkToken } from './run.ts'
import type { ElementInfo, LoopDef } from './types.ts'

/** More runs than this are records of their own, not tokens. */
const MOST_RUNS = 200

interface Stuck { code: string; message: string; person: string }
const title = (el: ElementInfo): string => el.name || el.id

/** The token stays at the activity and holds the loop; each run is a token of its own inside it. */
export const enterLoop: Enter = (run, token, el) => {
  const def = el.loop as LoopDef
  const begun = begin(run, token, el, def)
  if ('code' in begun) {
    token.note = stick(writeNote('enter', token.via))
    incident(run, token, begun.code, begun.message, begun.person)
    return
  }
  const first = def.how === 'standard' ? (begun.again ? 1 : 0) : def.how === 'sequential' ? Math.min(1, begun.total) : begun.total
  token.loop = { ...(begun.items ? { items: begun.items } : {}), total: def.how === 'standard' ? null : begun.total, active: first, done: [], ...(def.how === 'parallel' ? {} : { one: true }) }
  token.note = writeNote('loop')
  if (first === 0) return finishLoop(run, token, token.names)
  armToken(run, token)
  for (let nth = 0; nth < first; nth++) addRun(run, token, nth)
}

function addRun(run: Run, host: WorkToken, nth: number): void {
  const token = addToken(run, host.at, host.id, withoutLoopNames(host.names))
  token.nth = nth
  schedule(run, token)
}

interface Begun { total: number; again: boolean; items?: unknown[] }
function begin(run: Run, token: WorkToken, el: ElementInfo, def: LoopDef): Begun | Stuck {
  if (def.how === 'standard') {
    const again = def.testBefore ? askAgain(run, namesAt(run, token), el, def, 0) : true
    return typeof again === 'boolean' ? { total: 0, again } : again
  }
  const value = answer(run, def.each ?? def.count ?? '0', namesAt(run, token), 'rows')
  const items = def.each === undefined ? undefined : value === null || value === undefined ? null : Array.isArray(value) ? value : [value]
  const total = items === undefined ? Number(value ?? Number.NaN) : items?.length ?? Number.NaN
  if (!Number.isInteger(total) || total < 0) return {
    code: 'loopUnknown', message: `${el.id}: "${def.each ?? def.count}" is ${JSON.stringify(value ?? null)}${whyNot(run)}, ${def.each === undefined ? 'a whole number' : 'a list'} is needed to know how often it runs; fill in what it reads, then retry`,
    person: `“${title(el)}”需要办理的次数或人员无法确定，请补全数据后重试`,
  }
  if (total > MOST_RUNS) return {
    code: 'loopTooLarge', message: `${el.id}: ${total} runs of one activity, at most ${MOST_RUNS} are possible; make one record per row with certflow:make, each with a process of its own`,
    person: `“${title(el)}”一次最多${MOST_RUNS}项，当前为${total}项，请联系管理员调整流程`,
  }
  return { total, again: true, ...(items ? { items } : {}) }
}

/** Whether a standard loop goes once more after `times` runs. */
function askAgain(run: Run, names: Names, el: ElementInfo, def: LoopDef, times: number): boolean | Stuck {
  if (def.most !== undefined && times >= def.most) return false
  return def.while === undefined ? true : askBoolean(run, names, el, def.while, '循环条件')
}

function askBoolean(run: Run, names: Names, el: ElementInfo, text: string, what: string): boolean | Stuck {
  const value = answer(run, text, names)
  return typeof value === 'boolean' ? value : {
    code: 'conditionNull', message: `${el.id}: "${text}" is null or not a boolean${whyNot(run)}; fill in what it reads, then retry`, person: `“${title(el)}”的${what}缺少数据，无法判断，请补全数据后重试`,
  }
}

const hostOf = (run: Run, token: WorkToken): WorkToken | undefined => (token.nth === undefined ? undefined : run.tokens.find(t => t.id === token.scope))

/** Where the loop is for different people: this one has completed a run already. */
export const hasActed = (run: Run, token: WorkToken, el: ElementInfo, by: unknown): boolean => el.loop?.distinct === true && actedIn(hostOf(run, token)?.loop, by)

/** Keeps who took the outcome of a run until the run is counted. */
export function noteActor(run: Run, token: WorkToken, by: unknown): void {
  const host = hostOf(run, token)
  if (host?.loop && by !== undefined) host.loop = { ...host.loop, acted: { ...host.loop.acted, [token.nth ?? 0]: by } }
}

/** A run is over: the loop goes on, or is over with it. */
export function finishRun(run: Run, token: WorkToken): void {
  const el = elementOf(run, token.at)
  const host = hostOf(run, token)
  const def = el.loop
  if (!host?.loop || !def) throw new Error(`process ${run.process.id}: a run of ${el.id} stands in no loop; the state does not belong to this version`)
  const before = host.loop
  host.loop = counted(before, token)
  const names: Names = { ...run.variables, ...token.names, ...loopNames(run, host), ...(before.items ? { each: before.items[placeOf(before, token.nth ?? 0)] ?? null } : {}), loopCounter: placeOf(before, token.nth ?? 0) + 1 }
  const next = goesOn(run, names, el, def, host.loop)
  if (typeof next !== 'string') {
    host.loop = before
    token.note = stick(writeNote('leave', '', typeof token.names.outcome === 'string' ? token.names.outcome : ''))
    incident(run, token, next.code, next.message, next.person)
    return
  }
  removeToken(run, token)
  if (next === 'wait') return
  if (next === 'again') { host.loop = { ...host.loop, active: 1 }; return addRun(run, host, 0) }
  finishLoop(run, host, token.names)
}

function counted(loop: LoopState, token: WorkToken): LoopState {
  const nth = String(token.nth ?? 0)
  const { [nth]: by, ...acted } = loop.acted ?? {}
  const { acted: _, ...rest } = loop
  const { outcome } = token.names
  const over = { ...(loop.items ? { each: loop.items[placeOf(loop, token.nth ?? 0)] ?? null } : {}), ...(typeof outcome === 'string' ? { outcome } : {}), ...(by === undefined ? {} : { by }) }
  return { ...rest, active: loop.active - 1, done: [...loop.done, over], ...(Object.keys(acted).length > 0 ? { acted } : {}) }
}

function goesOn(run: Run, names: Names, el: ElementInfo, def: LoopDef, loop: LoopState): 'over' | 'wait' | 'again' | Stuck {
  if (def.until !== undefined) {
    const enough = askBoolean(run, names, el, def.until, '完成条件')
    if (typeof enough !== 'boolean') return enough
    if (enough) return 'over'
  }
  if (def.how === 'parallel') return loop.active > 0 ? 'wait' : 'over'
  if (def.how === 'sequential') return loop.done.length < (loop.total ?? 0) ? 'again' : 'over'
  const again = askAgain(run, names, el, def, loop.done.length)
  return typeof again === 'boolean' ? (again ? 'again' : 'over') : again
}

/** What still runs is taken back; the token goes on from the activity and sees the results. */
function finishLoop(run: Run, host: WorkToken, names: Names): void {
  const loop = { ...(host.loop as LoopState), active: 0 }
  const cancelled = (loop.total ?? loop.done.length) - loop.done.length
  for (const other of run.tokens.filter(t => t.scope === host.id)) if (run.tokens.includes(other)) kill(run, other)
  if (cancelled > 0) run.effects.push({ kind: 'loopCut', element: host.at, completed: loop.done.length, cancelled })
  disarmToken(run, host)
  host.loop = loop
  moveOn(run, host)
  host.names = { ...names, ...totalsOf(loop) }
  leave(run, host)
}
