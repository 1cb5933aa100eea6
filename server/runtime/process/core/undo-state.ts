import type { State } from './types.ts'

type Names = Record<string, unknown>
/** An activity that is over and could be compensated: in which scope, and what was over inside it. */
export interface Undo { at: string; scope: number; handler?: string; inner?: Undo[]; /** item of the loop it stood in */ names?: Names }
/** What a compensation that goes on has before it; `now` is being compensated. */
export interface Undoing { now: Undo | null; rest: Undo[] }
interface Kept { done?: Undo[]; going?: Record<string, Undoing> }
const KEY = '$undo'

export const readUndo = (variables: Names): Kept => (variables[KEY] ?? {}) as Kept

/** In the order in which they are compensated: the last one first. A sub-process without a handler of its own stands for what was over in it. */
export const inReverse = (entries: Undo[]): Undo[] =>
  [...entries].reverse().flatMap(u => (u.handler === undefined ? inReverse(u.inner ?? []) : [u]))

interface Holder { id: number; undoing?: Undoing }
/** The variables with what could still be compensated; what was over in a scope that was given up is gone with it. */
export function writeUndo(variables: Names, done: Undo[], tokens: Holder[], ids: Map<number, number>, ended: boolean): Names {
  if (ended) return variables
  const kept = done.filter(u => u.scope === 0 || ids.has(u.scope)).map(u => ({ ...u, scope: ids.get(u.scope) ?? u.scope }))
  const going = tokens.filter(t => t.undoing).map(t => [ids.get(t.id) ?? t.id, t.undoing] as const)
  if (kept.length === 0 && going.length === 0) return variables
  return { ...variables, [KEY]: { ...(kept.length > 0 ? { done: kept } : {}), ...(going.length > 0 ? { going: Object.fromEntries(going) } : {}) } }
}

/** Elements that a throw event could compensate now, in that order: for a dry run and for tests. */
export const compensable = (state: State): string[] => inReverse(readUndo(state.variables).done ?? []).map(u => u.at)
