/**
 * The door: everything the web, the REST resource and the command line may ask of Certflow.
 * All texts come resolved to the caller's language; all values are masked and cut to what the caller may see.
 * Expected refusals are values (`ok: false`), never thrown. Ids are decimal strings.
 */
import type { Readable } from 'node:stream'
import type { JsonObject } from './runtime/definitions/model.ts'

import type { Actor, Lang, Problem, Result } from './runtime/context.ts'
import type { ApiServices } from './runtime/views/api-types.ts'

export type { Actor, Lang, Problem, Result }
export type { ApiButton, ApiDescription, ApiEntity, ApiFilter, ApiImport, ApiPage, ApiQuery, ApiRecord, ApiScope, ApiServices, ApiToken, Reply } from './runtime/views/api-types.ts'

/** `also`: the other tabs of the entry's page */
export interface MenuItem { id: string; title: string; href: string; count?: number; also?: string[] }
export interface MenuGroup { id: string; title: string; items: MenuItem[] }
export interface Shell { portalTitle: string; programmeTitle: string; programmes: { id: string; title: string }[]; menu: MenuGroup[]; tasks: number; notifications: number; zone: string }

export interface Choice { value: string; label: string; colour?: string }
export type CellKind = 'text' | 'number' | 'date' | 'date-time' | 'range' | 'state' | 'boolean' | 'image' | 'file' | 'ref' | 'money' | 'rich' | 'list'
export interface Cell { text: string; kind?: CellKind; colour?: string; href?: string; file?: string; items?: string[] }
export interface Button {
  id: string
  title: string
  style: 'primary' | 'default' | 'danger'
  kind: 'outcome' | 'message' | 'action' | 'save' | 'delete' | 'edit' | 'document' | 'create' | 'import' | 'export'
  /** not possible now: every reason */
  disabled?: string[]
  confirm?: string
  comment?: 'none' | 'optional' | 'required'
  /** an input dialog is needed: ask form(...) */
  form?: boolean
  signature?: 'drawn'
  /** task the outcome belongs to */
  task?: string
}
/** `main`: the column, or the n-th part of its group, that names the record */
export interface ListColumn { id: string; title: string; kind: CellKind; sortable: boolean; width?: number; fixed?: 'left' | 'right'; group?: { id: string; title: string }[]; main?: true | number }
export interface ListFilter { id: string; title: string; kind: 'text' | 'number' | 'select' | 'ref' | 'range' | 'blind' | 'boolean'; options?: Choice[]; value?: string; label?: string; required?: boolean }
export interface ListQuery { tab?: string; filters?: Record<string, string>; sort?: string; page?: number; size?: number; search?: string; after?: string }
export interface ListRow { id: string; rev: number; entity: string; href: string; cells: Record<string, Cell | Cell[]>; buttons: Button[] }
export interface ListView {
  entity: string
  list: string
  title: string
  /** tabs of the page; one with `href` is of another entity */
  lists: { id: string; title: string; href?: string }[]
  columns: ListColumn[]
  filters: ListFilter[]
  tabs: { id: string; title: string; count: number; capped: boolean; active: boolean }[]
  cards: { id: string; title: string; value: string }[]
  rows: ListRow[]
  total: number
  totalCapped: boolean
  page: number
  size: number
  sort: string
  next?: string
  /** above the table: create, imports, exports, actions without a record */
  toolbar: Button[]
  /** on a selection */
  bulk: Button[]
  /** a required filter is missing: says which */
  need?: string
  empty: { why: string; action?: Button }
}

export interface Field { path: string; title: string; cell: Cell | Cell[]; wide?: boolean; table?: { columns: { id: string; title: string }[]; rows: Cell[][] } }
export interface TrailEntry { id: string; at: string; who: string; role: string; organisation: string; what: string; comment?: string; element?: string; tookMs?: number; changes?: { title: string; from: string; to: string }[] }
export interface RecordView {
  entity: string
  id: string
  rev: number
  title: string
  entityTitle: string
  status?: { code: string; label: string; colour?: string }
  states: { path: string; title: string; label: string; colour?: string }[]
  due?: string
  buttons: Button[]
  sections: { id: string; title: string; fields: Field[] }[]
  related: { id: string; title: string; entity: string; list: string; filter: Record<string, string> }[]
  review: TrailEntry[]
  history: TrailEntry[]
  documents: Button[]
  /** the record's process: BPMN XML and where the tokens are */
  process?: { xml: string; at: string[]; done: string[] }
  waitingFor: { role: string; organisation: string; name: string; since: string; due?: string }[]
}

export interface FormView {
  entity: string
  id?: string
  rev?: number
  title: string
  /** JSON Schema 2020-12 without x- keywords, cut to what the caller may see and edit */
  schema: JsonObject
  /**
   * rjsf uiSchema; ui:widget one of: ref, region, rich, file, image, editableTable, states, money, or a stock name.
   * The root may carry `ui:sections`: {id, title, help?, columns?: 1|2|3, fields: string[]}[] (top-level property names, in order; a field in no section comes last).
   * `ui:options` of a field may carry: wide (own row), multiple (ref, file), accept (string[]) and maxBytes (file, image), pixels ("295x413"), unit (text behind the input).
   * An object with exactly the date-time (or date) properties start and end is shown as one range.
   */
  uiSchema: JsonObject
  data: JsonObject
  /** texts of references already chosen: path -> label */
  labels: Record<string, string>
  /** paths whose visibility, default or value depends on others: re-ask with formRefresh after a change there */
  live: string[]
  /** what live defaults would be now, by path: a value that was one follows it, a person's own stays and is told of it */
  proposals?: Record<string, { value: JsonObject[string]; text: string }>
  buttons: Button[]
  notes?: string
}
export interface FormTarget { entity: string; id?: string; /** dialog of an action or outcome */ button?: string; ids?: string[] }

export interface ImportView {
  entity: string
  id: string
  title: string
  kind: 'sheet' | 'archive' | 'pick'
  notes: string[]
  accept: string[]
  maxBytes: number
  params: FormView | null
  columns: { title: string; required: boolean; values?: string[]; help?: string }[]
}
export interface ImportPreview { columns: { title: string; found: string | null; required: boolean }[]; rows: { row: number; cells: string[] }[]; problems: Problem[]; total?: number }
export interface JobView {
  id: string
  type: string
  title: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  done: number
  total: number
  ratePerSecond?: number
  secondsLeft?: number
  result?: { ok?: number; failed?: number; made?: number; skipped?: number; refused?: { reason: string; count: number }[]; /** told about rows that were taken all the same */ warned?: { reason: string; count: number }[]; files?: { id: string; name: string; bytes: number }[]; message?: string }
  problem?: Problem
  startedBy: string
  createdAt: string
  finishedAt?: string
}
export interface ImportRecord { id: string; entity: string; import: string; title: string; fileName: string; who: string; role: string; at: string; ok: number; failed: number; state: JobView['state']; job: string; failedFile?: string }
export interface TaskView { id: string; entity: string; record: string; title: string; what: string; status: string; programme: string; since: string; due?: string; overdue: boolean; href: string; assignee?: string; /** claim or put back, where the task allows it */ buttons?: Button[] }
/** Something a process cannot go on with by itself. */
export interface IncidentView {
  id: string; title: string; entityTitle: string; href: string
  /** the step, the cause in words, and for who mends it */
  step: string; cause: string; detail: string; code: string
  since: string; attempts: number; skippable: boolean
  /** what the process keeps, and may be corrected */
  variables: Record<string, JsonObject[string]>
  resolved?: string; resolvedBy?: string
}
export type IncidentAct = { ids: string[]; how: 'retry' } | { ids: string[]; how: 'skip'; reason: string } | { ids: string[]; how: 'variables'; reason: string; values: JsonObject }
export interface DashboardView {
  tasks: { items: TaskView[]; total: number }
  figures: { id: string; title: string; value: string; href: string }[]
  timeline: { title: string; phases: { title: string; from: string; to: string; state: 'past' | 'now' | 'future' }[]; href: string }[]
  charts: { id: string; title: string; kind: 'bar' | 'pie' | 'line'; columns: string[]; rows: (string | number)[][] }[]
}
export interface StoredFile { id: string; name: string; mime: string; bytes: number; open: () => Promise<Readable> }
export interface SignatureView { code: string; purpose: string; count: number; expiresAt: string; state: 'waiting' | 'drawn' | 'expired'; url: string }
export interface LookupView { id: string; entity: string; title: string; keys: { id: string; title: string }[] }
/** a statistic; `siblings` are the other reports of the entity, `groups` says how many columns come before the figures */
export interface ReportView { entity: string; id: string; title: string; /** the list whose filters it takes */ from: { entity: string; list: string }; groups: number; columns: { id: string; title: string }[]; rows: Cell[][]; values: (string | number)[][]; chart?: string; filters: ListFilter[]; siblings: { id: string; title: string }[] }
export interface ActInput { button: string; ids?: string[]; query?: { list: string; query: ListQuery }; input?: JsonObject; comment?: string; signature?: string; revs?: Record<string, number> }

/** A token that is answered replaces that of the session. `codesLeft` of the recovery codes, each of which is good once. */
export interface SecondFactorServices {
  state(actor: Actor): Promise<{ enrolled: boolean; required: boolean; codesLeft: number }>
  /** `qr`: an SVG image as a data address */
  begin(actor: Actor): Promise<Result<{ secret: string; qr: string }>>
  /** the recovery codes are shown once */
  confirm(actor: Actor, input: { token: string; code: string; address: string }): Promise<Result<{ token: string; codes: string[] }>>
  verify(actor: Actor, input: { token: string; code: string; address: string }): Promise<Result<{ token: string; codesLeft: number }>>
  remove(actor: Actor, input: { code: string; address: string }): Promise<Result<object>>
}

export interface Services {
  session: {
    signIn(input: { account: string; password: string; address: string; userAgent?: string; lang?: Lang }): Promise<Result<{ token: string; csrf: string; mustChangePassword: boolean; home: string }>>
    /** null = not signed in or expired */
    resolve(token: string | undefined): Promise<{ actor: Actor; csrf: string } | null>
    signOut(token: string): Promise<void>
    /** ends the person's other sessions; the one of `token` goes on under the new token that is answered */
    changePassword(actor: Actor, input: { current: string; next: string; token?: string }): Promise<Result<{ token?: string; csrf?: string }>>
    /** codes of an authenticator beside the password; absent where there is none */
    secondFactor?: SecondFactorServices
    setLang(token: string, lang: Lang): Promise<void>
    setProgramme(token: string, programme: string): Promise<void>
  }
  shell(actor: Actor): Promise<Shell>
  dashboard(actor: Actor): Promise<DashboardView>
  list(actor: Actor, entity: string, list: string | undefined, query: ListQuery): Promise<Result<{ view: ListView }>>
  record(actor: Actor, entity: string, id: string): Promise<Result<{ view: RecordView }>>
  form(actor: Actor, target: FormTarget): Promise<Result<{ form: FormView }>>
  /** live defaults, computes and conditions after a change; nothing is stored */
  formRefresh(actor: Actor, target: FormTarget, data: JsonObject): Promise<Result<{ form: FormView }>>
  references(actor: Actor, target: FormTarget & { path: string; search?: string; ids?: string[]; data?: JsonObject; import?: string }): Promise<Result<{ options: (Choice & { hint?: string })[] }>>
  /** `data` of a stored record is a patch: a missing key stays as it is, null empties; send null for what was cleared. `then` = an outcome taken in the same transaction */
  save(actor: Actor, input: { entity: string; id?: string; rev?: number; data: JsonObject; then?: string; comment?: string }): Promise<Result<{ id: string; rev: number; warned?: { reason: string; count: number }[] }>>
  act(actor: Actor, entity: string, input: ActInput): Promise<Result<{ done: number; refused: { id: string; title: string; problems: Problem[] }[]; job?: string; made?: number; skipped?: number; go?: string; gone?: true; secret?: string; warned?: { reason: string; count: number }[] }>>
  remove(actor: Actor, entity: string, ids: string[]): Promise<Result<{ done: number; refused: { id: string; title: string; problems: Problem[] }[] }>>
  tasks(actor: Actor, query: { page?: number; size?: number; search?: string }): Promise<{ items: TaskView[]; total: number }>
  /** of roles that settle incidents; forbidden for others */
  incidents: {
    list(actor: Actor, query: { page?: number; size?: number; resolved?: boolean }): Promise<Result<{ items: IncidentView[]; total: number }>>
    /** each by itself: what cannot be settled is told, the rest is done */
    act(actor: Actor, input: IncidentAct): Promise<Result<{ done: number; refused: { id: string; title: string; problems: Problem[] }[] }>>
  }
  imports: {
    describe(actor: Actor, entity: string, id: string): Promise<Result<{ view: ImportView }>>
    template(actor: Actor, entity: string, id: string): Promise<Result<{ file: StoredFile }>>
    preview(actor: Actor, entity: string, id: string, input: { file: string; params: JsonObject }): Promise<Result<{ preview: ImportPreview }>>
    start(actor: Actor, entity: string, id: string, input: { file: string; params: JsonObject }): Promise<Result<{ job: string }>>
    records(actor: Actor, entity: string | undefined, query: { page?: number; size?: number }): Promise<Result<{ items: ImportRecord[]; total: number }>>
  }
  exports: {
    start(actor: Actor, entity: string, id: string, input: { ids?: string[]; list?: string; query?: ListQuery }): Promise<Result<{ job: string; count: number }>>
    count(actor: Actor, entity: string, id: string, input: { ids?: string[]; list?: string; query?: ListQuery }): Promise<Result<{ count: number }>>
  }
  documents: {
    start(actor: Actor, entity: string, id: string, input: { ids?: string[]; list?: string; query?: ListQuery; format?: 'pdf' | 'xlsx' }): Promise<Result<{ job: string }>>
    preview(actor: Actor, entity: string, id: string, record: string): Promise<Result<{ html: string; file: string }>>
  }
  reports(actor: Actor, entity: string, id: string, query: ListQuery): Promise<Result<ReportView>>
  /** the statistic as a workbook */
  reportFile(actor: Actor, entity: string, id: string, query: ListQuery): Promise<Result<{ file: StoredFile }>>
  jobs: {
    get(actor: Actor, id: string): Promise<Result<{ job: JobView }>>
    list(actor: Actor, query: { page?: number; size?: number }): Promise<{ items: JobView[]; total: number }>
    cancel(actor: Actor, id: string): Promise<Result<object>>
  }
  files: {
    put(actor: Actor, meta: { name: string; entity?: string; path?: string; purpose: 'record' | 'import' | 'rich' }, body: Readable): Promise<Result<{ id: string; name: string; bytes: number }>>
    get(actor: Actor, id: string): Promise<Result<{ file: StoredFile }>>
  }
  signatures: {
    /** freezes the chosen ids and revs and issues a one-time code */
    begin(actor: Actor, input: { entity: string; button: string; ids: string[] }): Promise<Result<{ signature: SignatureView }>>
    /** public page /sign/:code */
    show(code: string): Promise<Result<{ signature: SignatureView }>>
    draw(code: string, png: Buffer, address: string): Promise<Result<object>>
    state(actor: Actor, code: string): Promise<Result<{ signature: SignatureView }>>
  }
  /** the administrative regions as a flat list, parents first, for the cascader; without it a region is chosen by search */
  regions?(lang: Lang): Promise<{ code: string; name: string; parent: string | null }[]>
  /** records the caller may see whose label or number starts with the text, at most 10, for the search palette */
  search?(actor: Actor, text: string): Promise<{ title: string; what: string; href: string }[]>
  /** of the REST resource: what a role is offered, records as JSON, tokens */
  api?: ApiServices
  lookups: {
    list(lang: Lang): Promise<LookupView[]>
    ask(input: { entity: string; id: string; keys: Record<string, string>; address: string; lang: Lang }): Promise<Result<{ rows: { title: string; cell: Cell }[] }>>
  }
  notifications: { list(actor: Actor): Promise<{ id: string; title: string; body: string; at: string; href?: string; read: boolean }[]>; read(actor: Actor, ids: string[]): Promise<void> }
  health(): Promise<{ ok: boolean; checks: { name: string; ok: boolean; detail: string }[] }>
}
