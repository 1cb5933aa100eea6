import type { Documents } from '#server/runtime/documents/index.ts'
import type { EntityDef, JsonObject, ListDef, Text } from '#server/runtime/definitions/index.ts'
import { accessOf, isOneOf, may } from '#server/runtime/access/index.ts'
import type { CallOperation } from '#server/runtime/desk/index.ts'
import type { Files } from '#server/runtime/files/index.ts'
import type { Jobs } from '#server/runtime/jobs/index.ts'
import type { ProcessRuntime } from '#server/runtime/process/index.ts'
import { say, type Engine, type Registry } from '#server/runtime/records/index.ts'
import type { Actor, Call, Lang, Problem, Result } from '../context.ts'

/** What screens are made from. */
export interface ViewParts {
  core: { engine: Engine; processes: ProcessRuntime; registry: Registry; call(actor: Actor): Call; system(programme: string, now?: number): Call }
  jobs: Jobs
  files: Files
  documents: Documents
  operation: CallOperation
  publicUrl: string
  /** ms that a list's statement may take */
  listTimeoutMs: number
}

export type Refused = Extract<Result<object>, { ok: false }>
export const refused = (code: string, problems: string | Problem[], status = 422): Refused =>
  ({ ok: false, code, status, problems: typeof problems === 'string' ? [{ code, message: problems }] : problems })
export const notFound = (): Refused => refused('NOT_FOUND', '没有找到此内容，可能已被删除或您无权查看', 404)
export const forbidden = (): Refused => refused('FORBIDDEN', '您没有此项操作的权限', 403)

/** Everything of an answer that is Chinese or English by itself. */
export const word = (lang: Lang, zh: string, en: string): string => (lang === 'en' ? en : zh)
/** A label of a process, which is written in Chinese alone, in the reader's language. */
export const labelOf = (call: Call, label: string): string => (call.actor.lang === 'en' ? call.programme.words[label] ?? label : label)
export const textOf = (call: Call, text: Text | string | undefined): string => say(text, call.actor.lang)

/** The entity when the person's role knows it at all. */
export function entityOf(parts: ViewParts, call: Call, name: string): EntityDef | null {
  const def = parts.core.registry.findEntity(call.programme.id, name)
  return def && accessOf(call.programme, def, call.actor.role) ? def : null
}
export const mayRead = (call: Call, def: EntityDef): boolean => may(call.programme, def, call.actor.role, 'read')

/** Lists of an entity that the role has, in order. */
export const listsOf = (call: Call, def: EntityDef): [string, ListDef][] =>
  mayRead(call, def) ? Object.entries(def.form.lists).filter(([, l]) => isOneOf(call.programme, call.actor.role, l.roles)) : []

export const recordHref = (def: EntityDef, id: string): string => `/r/${def.id}/${id}`
export const listHref = (def: EntityDef, list: string): string => `/l/${def.id}?list=${encodeURIComponent(list)}`
export const isId = (id: string): boolean => /^[1-9]\d{0,15}$/.test(id)
export const isObject = (v: unknown): v is JsonObject => v !== null && typeof v === 'object' && !Array.isArray(v)
export const iso = (ms: number): string => new Date(Number(ms)).toISOString()
/** the first rows of a big request; more are asked for again */
export const page = (query: { page?: number; size?: number }, fallback = 20, most = 100): { page: number; size: number; offset: number } => {
  const size = Math.min(most, Math.max(1, Math.floor(query.size ?? fallback)))
  const at = Math.max(1, Math.floor(query.page ?? 1))
  return { page: at, size, offset: (at - 1) * size }
}
