import type { Json, JsonObject } from '#server/runtime/definitions/model.ts'
import type { Once, Reply } from '#server/runtime/repeats/index.ts'
import type { Actor, Problem, Result } from '../context.ts'

/** What a token may do beside its owner's rights: read only, or also write. */
export type ApiScope = 'read' | 'write'

export interface ApiFilter { id: string; title: string; kind: 'text' | 'number' | 'select' | 'ref' | 'range' | 'blind' | 'boolean'; values?: { value: string; label: string }[]; required?: boolean }
export interface ApiList { id: string; title: string; filters: ApiFilter[]; tabs: string[] }
/** An outcome or message of the record's process, or an action. `on` = one record, or none (a set is named in the body). */
export interface ApiButton { id: string; title: string; kind: 'outcome' | 'message' | 'action'; on: 'record' | 'none'; comment: 'none' | 'optional' | 'required'; signature: boolean; /** JSON Schema of the input, null = takes none */ input: JsonObject | null }
export interface ApiImport { id: string; title: string; kind: 'sheet' | 'archive'; accept: string[]; maxBytes: number; /** JSON Schema of the parameters, null = has none */ params: JsonObject | null }
/** One entity as the caller's role may use it. Schemas are JSON Schema 2020-12 without x- keywords. */
export interface ApiEntity {
  /** family/name */
  id: string
  family: string
  name: string
  title: string
  /** of a record as it is read; values that are masked are strings */
  record: JsonObject
  /** of a new record; null = may not be created */
  create: JsonObject | null
  /** of a change (RFC 7396: null empties); null = may not be changed */
  patch: JsonObject | null
  delete: boolean
  /** without `list`: all visible records, every filter of the lists below */
  filters: ApiFilter[]
  lists: ApiList[]
  buttons: ApiButton[]
  imports: ApiImport[]
}
export interface ApiDescription { programme: { id: string; title: string; version: string }; role: string; entities: ApiEntity[] }

export interface ApiQuery {
  /** a list of the entity; absent = all visible records */
  list?: string
  filter?: Record<string, string>
  tab?: string
  search?: string
  /** property or column, "-" before it = descending */
  sort?: string
  /** 1 to 50; further on with `after` */
  page?: number
  size?: number
  /** `next` of the page before, for the same query */
  after?: string
  /** top-level properties to be answered; absent = all */
  fields?: string[]
  /** also count, exact to 1 000 */
  count?: boolean
}
export interface ApiRecord extends JsonObject { id: string; rev: number }
export interface ApiPage { items: ApiRecord[]; next?: string; sort: string; total?: number; totalCapped?: boolean }
export interface ApiToken { id: string; title: string; scope: ApiScope; programme: string; role: string; createdAt: string; expiresAt: string; usedAt?: string; revokedAt?: string }

/** What the REST resource asks beside the services of the screens. Hidden values are left out, masked ones are masked. */
export interface ApiServices {
  describe(actor: Actor): Promise<ApiDescription>
  /** `masked`: paths such as "contacts.0.phone" whose value is not the stored one */
  read(actor: Actor, entity: string, id: string): Promise<Result<{ record: ApiRecord; masked: string[] }>>
  list(actor: Actor, entity: string, query: ApiQuery): Promise<Result<{ page: ApiPage }>>
  /** works a request at most once per key of a person */
  once(actor: Actor, asked: { entity: string; button: string | null; key: string; request: string }, run: () => Promise<Reply>): Promise<Once>
  tokens: {
    /** the token is shown once: only its hash is kept. At most 366 days. */
    create(actor: Actor, input: { title: string; scope: ApiScope; days: number }): Promise<Result<{ id: string; token: string; expiresAt: string }>>
    list(actor: Actor): Promise<ApiToken[]>
    revoke(actor: Actor, id: string): Promise<Result<object>>
    /** null = unknown, expired, revoked, or its owner may no longer sign in */
    resolve(token: string): Promise<{ id: string; actor: Actor; scope: ApiScope } | null>
  }
}
export type { Actor, Json, JsonObject, Problem, Reply, Result }
