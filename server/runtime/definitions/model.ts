/**
 * The resolved definition model: what the loader produces from forms/, workflows/, templates/ and seeds/,
 * and what every other part of the runtime reads. Plain data (structured-cloneable): no functions, no Maps.
 * Collections are objects keyed by id, in display order. A FEEL text is a `Feel`, compiled by whoever needs it.
 */
export type Feel = string
/** Shown to people. Files may write a plain string, which means zh. */
export interface Text { zh: string; en?: string }
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }
export type Dict<T> = Record<string, T>

/** Where a definition came from, for `file:line` messages. Keys are JSON pointers of the resolved artefact, "" = the file. */
export interface SourceRef { file: string; line: number; column?: number }

export type ScalarKind = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'time' | 'date-time' | 'duration'
export type PropertyKind = ScalarKind | 'ref' | 'file' | 'object' | 'array'

export interface RefDef {
  /** full entity id, e.g. "library/loan" */
  entity: string
  /** path of the referred record that names it */
  label: string
  where?: Feel
  owner: boolean
  inverse?: string
  /** target object property -> names copied ("*" = all) */
  copy?: Dict<string[]>
  recopy?: 'onSelect'
  companion: boolean
}
export interface ComputeDef { at: 'save' | 'create' | 'read'; expr: Feel; if?: Feel }
export interface StateDef { zh: string; en?: string; tab?: string; colour?: string }
export interface WhenDef { visible?: Feel; required?: Feel; readOnly?: Feel }
export interface NumberDef { pattern: string; sequence?: string; draw: 'create' | 'submit' | 'effect'; gaps: 'allowed' | 'none' }
export interface FileCheck { by: 'machine' | 'person'; is: string; message: Text; policy?: string }
export interface FileDef {
  kind: 'image' | 'document' | 'archive' | 'signature' | 'consent'
  accept: string[]
  maxBytes: number
  pixels?: { w: number; h: number; tolerance: number }
  check: Dict<FileCheck>
}

export interface PropertyDef {
  name: string
  /** dotted path from the record, arrays as "majors[]" */
  path: string
  kind: PropertyKind
  title: Text
  help?: Text
  /** decimals kept, from multipleOf 10^-n; numbers are stored as value * 10^scale */
  scale?: number
  maxLength?: number
  enum?: string[]
  enumTitles?: Dict<Text>
  /** SQL column, snake case of the path; absent = lives in the `data` JSON column */
  column?: { name: string; index: boolean; sortable: boolean }
  ref?: RefDef
  compute?: ComputeDef
  states?: Dict<StateDef>
  governor?: 'process' | 'compute' | 'effect'
  required: boolean
  when?: WhenDef
  /** constant default of JSON Schema */
  default?: Json
  /** live default (x-default) */
  liveDefault?: Feel
  number?: NumberDef
  sensitive?: string
  /** contentMediaType: "text/html" is rich text */
  media?: string
  /** x-options: a named source of choices ("roles") or the values of an entity's property */
  options?: { source: string; value?: string }
  file?: FileDef
  policy?: string
  properties?: Dict<PropertyDef>
  items?: PropertyDef
  /** array whose items are references: the link table (owner_id, target_id, position) */
  linkTable?: string
}

export interface UniqueDef { fields: string[]; where?: Feel; message: Text }
export interface LimitDef { of: Feel; if?: Feel; count?: boolean; sum?: Feel; min?: Feel; max?: Feel; policy?: string; message: Text; over?: Dict<Feel> }
export interface RuleDef { on: string[]; if?: Feel; must: Feel; message: Text; path?: string; policy?: string }

export interface ColumnDef { path?: string; title?: Text; mask?: string; expr?: Feel; group?: ColumnDef[]; width?: number; fixed?: 'left' | 'right'; format?: string }
export interface FilterDef { path: string; title?: Text; kind?: 'text' | 'select' | 'ref' | 'range' | 'blind'; default?: Json; values?: Dict<Text> }
export interface ListDef {
  title: Text
  where?: Feel
  sort?: string
  columns: Dict<ColumnDef>
  filters: Dict<FilterDef>
  tabs?: { by: string; groups?: Dict<{ title: Text; in: string[] }> }
  menu?: MenuDef | null
  cards?: Dict<{ title: Text; expr: Feel }>
  require?: string[]
  /** roles that have this list in their menu; absent = all who may read */
  roles?: string[]
}
/** `page`: lists that share it are tabs of one menu entry, which the text `menu.<page>` names */
export interface MenuDef { group: string; order: number; page?: string }
export interface EditDef { if?: Feel; role?: string[]; fields: string[] }
export interface MakeDef {
  id: string; into: string; from?: Feel; key?: string[]; groupBy?: string[]; link?: string
  onExisting: 'skip' | 'update' | 'reject'; values: Dict<Feel>; unless?: Dict<{ if: Feel; reason: Text }>; min?: number; message?: Text
}
export interface SetDef { id: string; entity?: string; where?: Feel; rows?: Feel; key?: string; draw?: string; order?: string[]; values: Dict<Feel> }
export interface ActionDef {
  title: Text
  bulk?: Text
  list?: string[]
  scope: 'record' | 'selection' | 'none'
  do?: 'delete' | 'edit' | 'create' | 'export' | 'message' | 'operation'
  message?: string
  operation?: string
  if?: Feel
  fields?: string[]
  /** JSON Schema of the dialog's input */
  input?: JsonObject
  inputs?: Dict<PropertyDef>
  set?: SetDef[]
  make?: MakeDef[]
  confirm?: Text
  style?: 'primary' | 'default' | 'danger'
}
export interface ImportColumn { title: string; required: boolean; values?: Dict<string>; kind?: ScalarKind; sensitive?: string; path?: string; help?: Text; example?: string }
export interface ImportLookup { in: string; where: Feel; message: Text; optional: boolean }
export interface ImportDef {
  title: Text
  /** lists whose pages offer it; absent = all of the entity */
  list?: string[]
  kind: 'sheet' | 'archive' | 'pick'
  maxRows: number
  notes?: Text
  params: Dict<PropertyDef>
  columns: Dict<ImportColumn>
  lookup: Dict<ImportLookup>
  rules: Dict<RuleDef>
  make?: Dict<MakeDef>
  set?: Dict<Feel>
  /** path of the target -> FEEL over row/params that it must equal */
  key?: Dict<Feel>
  onExisting: 'reject' | 'update' | 'skip'
  onMissing: 'create' | 'reject'
  /** archive: file name pattern such as "{idNo}.(jpg|png)" */
  match?: string
  /** archive: the file property that is set */
  setFile?: string
  /** pick */
  from?: string
  where?: Feel
  then?: { message?: string; action?: string }
}
export interface ExportDef { title: Text; list: string; rowNumber?: string; columns: Dict<ColumnDef>; filename?: string }
export interface ReportDef { title: Text; from: string; where?: Feel; groupBy: string[]; measures: Dict<{ title: Text; expr: Feel; format?: string }>; chart?: string }
export interface DocumentDef { template: string; title: Text; scope: 'record' | 'selection' | 'query'; /** paths, space-separated: one document per combination */ groupBy?: string; /** rows that the document is about instead of the record: all in one, or one document each when they are of the template's own entity and scope */ from?: Feel; /** lists whose pages offer it; absent = all of the entity */ list?: string[]; if?: Feel; bundle?: 'zip' | 'merge' }
export interface LookupDef {
  public: boolean; title: Text; keys: Dict<{ title: Text; path: string }>; where?: Feel; rules: string[]; show: Dict<ColumnDef>; message: Text
  /** path of the found record -> FEEL written when it is claimed */
  claim?: Dict<Feel>
  /** create the record when none is found and this holds */
  orCreate?: Feel
}

export interface AccessDef {
  /** read create edit delete export unmask import:<id> action:<id> outcome:<id> document:<id>; "*" = all */
  can: string[]
  where?: Feel
  /** for this role other paths than the form's scope; "*" = the dimension does not restrict */
  scope?: Dict<string[]>
  fields: Dict<{ hidden?: boolean | Feel; mask?: string; readOnly?: boolean | Feel }>
}
/** `rows`: a table of other records, such as an inverse; of them `cells` are shown, in the order of `sort` */
export interface SectionDef { title?: Text; fields: string[]; columns?: 1 | 2 | 3; help?: Text; if?: Feel; rows?: Feel; cells?: Dict<ColumnDef>; sort?: string[] }

export interface FormDef {
  title: Text
  menu?: MenuDef | null
  /** widgets, widths and help per property path, sections in order */
  layout: { sections: Dict<SectionDef>; widgets: Dict<{ widget: string; options?: JsonObject }> }
  /** dimension -> paths, e.g. branch: ["book.branch", "desk.branch"]; ["*"] = the dimension does not restrict this entity */
  scope: Dict<string[]>
  lists: Dict<ListDef>
  imports: Dict<ImportDef>
  exports: Dict<ExportDef>
  reports: Dict<ReportDef>
  documents: Dict<DocumentDef>
  actions: Dict<ActionDef>
  lookups: Dict<LookupDef>
  create: { if?: Feel; via?: string[]; title?: Text }
  edit: Dict<EditDef>
  delete: { if?: Feel; orphan?: string } | null
  access: Dict<AccessDef>
  process?: string
}

/** The end of a scope path that goes through references, kept in a column of the row itself: a right over it is one comparison on an index. */
export interface ScopeColumn { column: string; /** the row's own reference, then a column of each table it leads to */ hops: { table: string; column: string }[] }

/** How a list's rows are found: `column` = what a right over them compares, null = all rows; `status`: a tab or the list asks for states; `whole`: it is shown without, too. */
export interface ListScope { column: string | null; sort: string; status: boolean; whole: boolean }

export interface EntityDef {
  id: string
  name: string
  family: string
  home: 'platform' | 'family' | 'programme'
  title: Text
  /** path whose value names a record (x-label, default "name") */
  label: string
  pin: boolean
  table: string
  /** resolved JSON Schema with all x- keywords */
  schema: JsonObject
  properties: Dict<PropertyDef>
  unique: Dict<UniqueDef>
  limits: Dict<LimitDef>
  rules: Dict<RuleDef>
  /** way back: name -> the entity and path that refers here */
  inverses: Dict<{ entity: string; path: string }>
  /** by path */
  scopeColumns?: Dict<ScopeColumn>
  /** what its indexes are made for */
  listScopes?: ListScope[]
  owner?: { path: string; entity: string }
  form: FormDef
  inputForms: Dict<JsonObject>
  /** the properties of each input form: the type of `input.*` */
  inputProperties: Dict<Dict<PropertyDef>>
}

export interface RoleDef {
  id: string
  title: Text
  portal: string
  orgKind: string
  extends?: string
  where?: Feel
  secondFactor: boolean
  /** sees the incidents of processes and settles them */
  incidents: boolean
  assignable: string[]
}
export interface PolicyDef { is: 'off' | 'warn' | 'block'; from?: string | null; to?: string | null; title?: Text }
export interface RuleBody { args: Dict<string>; returns?: string; expr?: Feel; hit?: 'first' | 'collect'; rows?: Dict<{ if: Feel; then: Feel }> }
export interface ParamDef { type: string; value: Json; title?: Text; help?: Text }

/** A BPMN text with the texts it calls by call activities (by `calledElement`); `hash` covers them all. */
export interface ProcessSource { id: string; family: string; file: string; xml: string; hash: string; called?: Dict<{ file: string; xml: string }> }
export interface TemplateDef {
  id: string; family: string; title: Text
  kind: 'pdf' | 'xlsx' | 'text'
  entity: string
  /** name -> FEEL/column: what the document may see, with masks */
  data: Dict<ColumnDef | { rows: Feel; columns: Dict<ColumnDef>; sort?: string[] }>
  paper?: string; landscape?: boolean; margins?: string; filename?: string; scope: 'record' | 'group'; perPage?: number
  subject?: string
  html: string; css: string; sample: JsonObject
  sheet?: JsonObject
  file: string
}

/** Everything one programme sees: family + overlay, resolved. A family without programme is resolved too (program ""). */
export interface ProgrammeDef {
  id: string
  family: string
  title: Text
  version: string
  params: Dict<ParamDef>
  policies: Dict<PolicyDef>
  rules: Dict<RuleBody>
  checklists: JsonObject
  parties: JsonObject
  references: JsonObject
  runSheet: JsonObject
  timeline: Dict<Feel>
  /** IANA zone in which now, today and typed times are meant */
  zone: string
  roles: Dict<RoleDef>
  texts: Dict<Text & { subject?: Text }>
  terms: Dict<Text>
  /** English of Chinese texts that give none, also of labels in processes */
  words: Dict<string>
  hooks: Dict<string>
  /** keyed by short name AND full id, programme -> family -> core; look up with either, iterate with entitiesOf() */
  entities: Dict<EntityDef>
  /** processes and templates are keyed by short name: the nearest of programme -> family -> core */
  processes: Dict<ProcessSource>
  templates: Dict<TemplateDef>
}

/** entity -> seed key properties and named records; values may be "$entity.name" references */
export interface SeedRecords { entity: string; file: string; key: string[]; records: Dict<JsonObject> }
export interface DemoSet { id: string; file: string; records: SeedRecords[]; users: Dict<JsonObject>; notes?: string; title?: string; programs?: string[] }

export interface Definitions {
  version: string
  programmes: Dict<ProgrammeDef>
  families: Dict<{ id: string; title: Text; extends?: string }>
  seeds: Dict<SeedRecords[]>
  demos: Dict<DemoSet>
}

export interface Finding extends SourceRef { level: 'error' | 'warning'; code: string; message: string; fix: string }
