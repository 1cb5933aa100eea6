import type { CompiledProcess, State } from './types.ts'

type Names = Record<string, unknown>
export interface Sign { by: unknown; outcome: 'agree' | 'disagree' }
/** Further people asked to sign a task: those of the open round, what they said, and who is asked once its outcome is taken. */
export interface Signing {
  /** the round that is open: the task waits for it */
  how?: 'before' | 'after'
  asked: unknown[]
  done: Sign[]
  after: unknown[]
  /** after-signing: the outcome that was taken, by whom, and its input as JSON */
  held?: { outcome: string; by?: unknown; input?: unknown }
}
const KEY = '$signs'

export const readSigns = (variables: Names): Record<number, Signing> => (variables[KEY] ?? {}) as Record<number, Signing>

interface Holder { id: number; note?: string; signing?: Signing }
export function writeSigns(variables: Names, tokens: Holder[], ids: Map<number, number>): Names {
  if (!tokens.some(t => t.signing)) return variables
  const kept = tokens.filter(t => t.signing)
  return { ...variables, [KEY]: Object.fromEntries(kept.map(t => [ids.get(t.id) ?? t.id, t.signing])) }
}

/** What FEEL sees: who signed and how. */
export const signNames = (signing: Signing | undefined): Names => (signing && signing.done.length > 0 ? { signs: signing.done } : {})

/** The round of signing that a token is one signature of, and whose it is. */
export function signatureAt(process: CompiledProcess, state: State, token: number): { task: number; how: 'before' | 'after'; who: unknown; held?: Signing['held'] } | null {
  const at = state.marking.tokens.find(t => t.id === token)
  const signing = at?.nth === undefined ? undefined : readSigns(state.variables)[at.scope]
  if (!at || !signing?.how || process.elements[at.at]?.type !== 'userTask') return null
  return { task: at.scope, how: signing.how, who: signing.asked[at.nth ?? 0] ?? null, ...(signing.held ? { held: signing.held } : {}) }
}

/** Who a task that waits for signatures still waits for, or is to ask once its outcome is taken. */
export function signingOf(state: State, token: number): Signing | null {
  return readSigns(state.variables)[token] ?? null
}
