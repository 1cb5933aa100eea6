/**
 * FEEL in the profile of docs/definition-language: the contract between the compiler and everything that evaluates.
 * Values inside FEEL: null, boolean, string, Decimal (numbers), Instant (date and time), PlainDate, PlainTime, Duration,
 * arrays (lists), plain objects (contexts), and EntityRow (a reference: compares as its id).
 */
import type { Decimal } from 'decimal.js-light'

export type FeelKind = 'any' | 'null' | 'boolean' | 'number' | 'string' | 'date' | 'time' | 'date-time' | 'duration'
export type FeelType =
  | { kind: FeelKind; scale?: number }
  | { kind: 'entity'; entity: string }
  | { kind: 'list'; of: FeelType }
  | { kind: 'context'; fields: Record<string, FeelType> }

export interface Instant { readonly $: 'instant'; readonly ms: number }
export interface PlainDate { readonly $: 'date'; readonly iso: string }
export interface PlainTime { readonly $: 'time'; readonly iso: string }
/** months and ms are kept apart: P1M is not a number of milliseconds */
export interface Duration { readonly $: 'duration'; readonly months: number; readonly ms: number }
/** Opaque to FEEL: properties are read through Facts.property. */
export interface EntityRow { readonly $: 'row'; readonly entity: string; readonly id: string }
export type FeelValue = null | boolean | string | Decimal | Instant | PlainDate | PlainTime | Duration | EntityRow | FeelValue[] | { [key: string]: FeelValue }

/** What a closure may ask of the outside while it runs. Implementations may throw MissingFacts and be asked again later. */
export interface Facts {
  /** a property of a record: a stored value, a read-time compute, an inverse list, or a referred EntityRow */
  property(row: EntityRow, name: string): FeelValue
  /** rows(entity) where every `equals` column has the given value (the rest of the filter is applied by the closure) */
  rows(entity: string, equals: { path: string; value: FeelValue }[]): EntityRow[]
  /** whether there is no such record; asked instead of its rows where only that matters */
  none?(entity: string, equals: { path: string; value: FeelValue }[]): boolean
}
/** Legal holidays and make-up working days (调休) as data; weekends need not be listed. Dates are 'YYYY-MM-DD'. */
export interface WorkCalendar { isHoliday(date: string): boolean; isMakeUpDay(date: string): boolean }
export interface Scope {
  /** names of definition-language.md: own fields, record, old, input, params, row, item, group, user, task, outcome, program, made, … */
  names: Record<string, FeelValue>
  now: number
  /** IANA zone of the family, e.g. Asia/Shanghai */
  zone: string
  facts?: Facts
  /** for add working days(); without it only weekends are free */
  calendar?: WorkCalendar
}

/** One property as the compiler sees it. */
export interface ModelProperty {
  type: FeelType
  /** SQL column of the entity's table; absent = not SQL-able */
  column?: string
  /** read-time compute: compiled in place, own fields of the entity in scope */
  compute?: string
  /** way back: a list of `entity` rows whose `column` path refers here */
  inverse?: { entity: string; path: string }
  /** list of references or scalars kept in a link table (owner_id, target_id | value) */
  linkTable?: string
  /** stored encrypted: equality only, on the blind index column */
  blind?: string
}
export interface ModelEntity {
  name: string; table: string; properties: Record<string, ModelProperty>
  /** paths through references whose end stands in a column of the entity's own table too: SQL reads it there */
  kept?: Record<string, string>
  /** paths that together name one row: the first of such rows is the only one */
  keys?: string[][]
}
export interface RuleSource { args: string[]; expr?: string; table?: { hit: 'first' | 'collect'; rows: { if: string; then: string }[] } }
export interface Model {
  /** short or full entity name */
  entity(name: string): ModelEntity | undefined
  rule(name: string): RuleSource | undefined
}

export interface CompileOptions {
  model: Model
  /** names in scope and their types; any other bare name is an error */
  names: Record<string, FeelType>
  /** entity whose own fields are bare names (record.x may be written x) */
  self?: string
  expect?: FeelKind
  /** for add working days(), when the scope brings none */
  calendar?: WorkCalendar
  /** expression of a report: `count()`, `count(condition)` and `sum(x)` are over the rows of the group, each of them `item` */
  measure?: boolean
  /** names that will be rows of the query (decides notSqlable); default: `item` when it is a record, else the own fields and `record` */
  queryRows?: string[]
}

export interface Read { root: string; path: string[]; entity?: string }
export interface FeelProblem { message: string; fix: string; from: number; to: number; line: number; column: number }

/** `scale`: of a number value, the SQL gives value * 10^scale as an integer (toSql sets it) */
export interface SqlText { sql: string; params: SqlParam[]; scale?: number }
/** either a constant or a closure over the scope, evaluated once when the statement runs */
export type SqlParam = { value: SqlScalar } | { from: (scope: Scope) => SqlScalar }
export type SqlScalar = null | number | string

export interface SqlTarget {
  dialect: 'sqlite' | 'mysql'
  /** names that are rows of the query: name -> { entity, alias } ("item", "record", or "" for own fields) */
  rows: Record<string, { entity: string; alias: string }>
  /** fresh table alias */
  alias: () => string
  /** blind index of a personal number, so that equality can be asked of the encrypted column */
  blind: (entity: string, path: string, value: string) => string
  now: number
  zone: string
  /** asked when a path goes through a reference: returns the alias joined for it (LEFT JOIN), the same one for the same path */
  join: (fromAlias: string, column: string, entity: string) => string
  /** condition that every row of a rows() or inverse subquery must meet (programme, deletion marks), e.g. `t3.program = ?` */
  visible?: (entity: string, alias: string) => SqlText | null
  /** the record that a reference column of this alias leads to in every row of the query; undefined when they may differ */
  shared?: (alias: string, column: string) => FeelValue | undefined
  /** whether there is no record with these values at all: given for statements over so many rows that asking first pays */
  none?: (entity: string, equals: { path: string; value: FeelValue }[]) => boolean
  /** `list[1]` also where no key of the model says that there is only one: for callers that know it */
  allowFirst?: boolean
}

export interface Expression {
  text: string
  type: FeelType
  reads: Read[]
  /** uses now or today: a state that moves by itself */
  usesClock: boolean
  evaluate(scope: Scope): FeelValue
  /** null when it is inside the SQL-able subset, else why not */
  notSqlable: FeelProblem | null
  /** the value as a column of a SELECT; a condition gives 1, 0 or NULL. Throws when notSqlable */
  toSql(target: SqlTarget, scope: Scope): SqlText
  /** for WHERE: true in SQL exactly when FEEL gives true (null is not granted), written so that indexes apply. Throws when notSqlable */
  toCondition(target: SqlTarget, scope: Scope): SqlText
}
