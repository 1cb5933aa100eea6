import type { Json, ProgrammeDef } from './definitions/model.ts'

export type Lang = 'zh' | 'en'
/** One reason, in words for the person: what, where, what was found, what to do. `path` places it on a field ("majors.0.applied"). */
export interface Problem { code: string; message: string; path?: string; fix?: string }
export type Result<T> = ({ ok: true } & T) | { ok: false; code: string; problems: Problem[]; status: number; data?: Json }

/** Who asks. Made from a session, or for the command line and scenarios by the directory. */
export interface Actor {
  userId: string
  account: string
  name: string
  role: string
  roleTitle: string
  portal: string
  orgId: string | null
  orgName: string
  programme: string
  lang: Lang
  mustChangePassword: boolean
  /** what the session still lacks: the code of the second factor, or its enrolment */
  secondFactor?: 'verify' | 'enrol'
}

/** One call: who, in which programme, when. `now` is taken once and used for everything the call does. */
export interface Call {
  actor: Actor
  programme: ProgrammeDef
  now: number
  zone: string
  /** takes what rules with the force "warn" say about records that are written all the same; nobody hears it when absent */
  warned?: Problem[]
}

export type Warned = { reason: string; count: number }[]
/** Messages with how often each was said, the most frequent first; at most `most` of them. */
export const counted = (messages: string[], before: Warned = [], most = 50): Warned => {
  const counts = new Map(before.map((r) => [r.reason, r.count]))
  for (const reason of messages) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count).slice(0, most)
}
