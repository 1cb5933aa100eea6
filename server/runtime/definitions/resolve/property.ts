import type { ComputeDef, Dict, FileCheck, FileDef, NumberDef, PropertyDef, PropertyKind, RefDef, ScalarKind, StateDef, WhenDef } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'
import { columnName } from '../naming.ts'
import { readTable } from './decision-table.ts'

const FORMATS: Record<string, ScalarKind> = { date: 'date', time: 'time', 'date-time': 'date-time', duration: 'duration' }

const jsonType = (c: Cursor): string | undefined => c.at('type').string() ?? c.at('type').names()?.find((t) => t !== 'null')

export const readKind = (c: Cursor): PropertyKind => {
  const type = jsonType(c)
  if (type === 'array' || (type === undefined && c.at('items').isObject)) return 'array'
  if (c.at('x-ref').exists) return 'ref'
  if (c.at('x-file').exists) return 'file'
  if (type === 'object' || (type === undefined && c.at('properties').isObject)) return 'object'
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return FORMATS[c.at('format').string() ?? ''] ?? 'string'
}

/** decimals of multipleOf 10^-n: 0.01 -> 2 */
const readScale = (c: Cursor, kind: PropertyKind): number | undefined => {
  if (kind === 'integer') return 0
  if (kind !== 'number') return undefined
  const step = c.at('multipleOf').number()
  if (step === undefined || step <= 0) return undefined
  for (let n = 0; n <= 6; n++) if (Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) < 1e-9) return n
  return undefined
}

export const readRef = (c: Cursor): RefDef | undefined => {
  if (!c.exists) return undefined
  const entity = c.string() ?? c.at('entity').string()
  if (entity === undefined) return undefined
  const copy = c.at('copy').map((names) => names.names())
  return compact<RefDef>({
    entity, label: c.at('label').string() ?? '', where: c.at('where').feel(), owner: c.at('owner').boolean() ?? false, inverse: c.at('inverse').string(),
    copy: Object.keys(copy).length > 0 ? copy : undefined, recopy: c.at('recopy').string() === 'onSelect' ? 'onSelect' : undefined, companion: c.at('companion').boolean() ?? false,
  })
}

const readCompute = (c: Cursor): ComputeDef | undefined => {
  const expr = c.feel() ?? c.at('expr').feel() ?? readTable(c)
  if (expr === undefined) return undefined
  const at = c.at('at').string()
  return compact<ComputeDef>({ at: at === 'create' || at === 'read' ? at : 'save', expr, if: c.at('if').feel() })
}

const readNumber = (c: Cursor): NumberDef | undefined => {
  const pattern = c.string() ?? c.at('pattern').string()
  if (pattern === undefined) return undefined
  const draw = c.at('draw').string()
  return compact<NumberDef>({ pattern, sequence: c.at('sequence').string(), draw: draw === 'submit' || draw === 'effect' ? draw : 'create', gaps: c.at('gaps').string() === 'none' ? 'none' : 'allowed' })
}

const MEGABYTE = 1024 * 1024
const ACCEPTS: Record<FileDef['kind'], string[]> = { image: ['.jpg', '.jpeg', '.png'], document: ['.pdf', '.doc', '.docx', '.xls', '.xlsx', '.jpg', '.png'], archive: ['.zip'], signature: ['.png'], consent: ['.pdf', '.jpg', '.png'] }

const readCheck = (c: Cursor): FileCheck | undefined => {
  const is = c.at('is').feel()
  if (is === undefined) return undefined
  return compact<FileCheck>({ by: c.at('by').string() === 'person' ? 'person' : 'machine', is, message: c.at('message').text() ?? { zh: is }, policy: c.at('policy').string() })
}

export const readFileDef = (c: Cursor): FileDef | undefined => {
  if (!c.exists) return undefined
  const written = c.string() ?? c.at('kind').string()
  const kind = written !== undefined && written in ACCEPTS ? (written as FileDef['kind']) : 'document'
  const w = c.at('pixels').at('w').number()
  const h = c.at('pixels').at('h').number()
  return compact<FileDef>({
    kind, accept: c.at('accept').names() ?? ACCEPTS[kind], maxBytes: c.at('maxBytes').number() ?? (kind === 'archive' ? 500 : 10) * MEGABYTE,
    pixels: w === undefined || h === undefined ? undefined : { w, h, tolerance: c.at('pixels').at('tolerance').number() ?? 0 }, check: c.at('check').map(readCheck),
  })
}

export const readStates = (c: Cursor): Dict<StateDef> | undefined => {
  if (!c.isObject) return undefined
  return c.map((s, code) => compact<StateDef>({ zh: s.text()?.zh ?? code, en: s.text()?.en, tab: s.at('tab').string(), colour: s.at('colour').string() }))
}

const readEnum = (c: Cursor): Pick<PropertyDef, 'enum' | 'enumTitles'> => {
  const choices = c.at('oneOf').items().filter((o) => o.at('const').string() !== undefined)
  const added = c.at('x-enum-add')
  const codes = [...c.at('enum').items().flatMap((i) => i.feel() ?? []), ...choices.map((o) => o.at('const').string() ?? ''), ...(added.names() ?? [])]
  if (codes.length === 0) return {}
  const titles = { ...Object.fromEntries(choices.map((o) => [o.at('const').string() ?? '', o.at('title').text()])), ...added.map((t) => t.text()), ...c.at('x-enum-titles').map((t) => t.text()) }
  const known = Object.entries(titles).flatMap(([k, t]) => (t ? [[k, t] as const] : []))
  return { enum: [...new Set(codes)], ...(known.length > 0 ? { enumTitles: Object.fromEntries(known) } : {}) }
}

const readWhen = (c: Cursor): WhenDef | undefined =>
  c.isObject ? compact({ visible: c.at('visible').feel(), required: c.at('required').feel(), readOnly: c.at('readOnly').feel() }) : undefined

const readOptions = (c: Cursor): PropertyDef['options'] => {
  const source = c.string() ?? c.at('entity').string()
  return source === undefined ? undefined : compact({ source, value: c.at('value').string() })
}

const readGovernor = (c: Cursor, compute: ComputeDef | undefined): PropertyDef['governor'] => {
  const written = c.at('x-governor').string()
  if (written === 'process' || written === 'effect') return written
  if (compute) return 'compute'
  return undefined
}

/** References other definitions go back by must be findable by SQL, personal numbers by their blind index. */
const readColumn = (c: Cursor, path: string, kind: PropertyKind, def: Pick<PropertyDef, 'ref' | 'sensitive' | 'compute'>): PropertyDef['column'] => {
  if (path.includes('[]') || kind === 'array' || kind === 'object' || def.compute?.at === 'read') return undefined
  const written = c.at('x-column')
  const wayBack = def.ref !== undefined && (def.ref.owner || def.ref.inverse !== undefined)
  if (written.value !== true && !written.isObject && !wayBack && def.sensitive === undefined) return undefined
  return { name: columnName(path), index: written.at('index').boolean() ?? wayBack, sortable: written.at('sortable').boolean() ?? def.sensitive === undefined }
}

/** One property of schema.json, of an input form or of import parameters, with everything below it. */
export const readProperty = (c: Cursor, name: string, parent = '', listedRequired = false): PropertyDef => {
  const path = parent === '' ? name : `${parent}.${name}`
  const kind = readKind(c)
  const ref = kind === 'array' ? undefined : readRef(c.at('x-ref'))
  const compute = readCompute(c.at('x-compute'))
  const sensitive = c.at('x-sensitive').string()
  const states = readStates(c.at('x-states'))
  return compact<PropertyDef>({
    name, path, kind, title: c.at('title').text() ?? { zh: name }, help: (c.at('x-help').text() ?? c.at('description').text()),
    scale: readScale(c, kind), maxLength: c.at('maxLength').number(), ...readEnum(c),
    column: readColumn(c, path, kind, compact({ ref, sensitive, compute })), ref, compute, states, governor: readGovernor(c, compute),
    required: c.at('x-required').boolean() ?? listedRequired, when: readWhen(c.at('x-when')), default: c.at('default').value, liveDefault: c.at('x-default').feel(),
    number: readNumber(c.at('x-number')), sensitive, media: c.at('contentMediaType').string(), options: readOptions(c.at('x-options')), file: kind === 'file' ? readFileDef(c.at('x-file')) : undefined, policy: c.at('x-policy').string(),
    properties: kind === 'object' ? readProperties(c, path) : undefined,
    items: kind === 'array' ? readItems(c, name, path) : undefined,
  })
}

const readItems = (c: Cursor, name: string, path: string): PropertyDef => {
  const items = c.at('items')
  const item = readProperty(items, `${name}[]`, path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '')
  return items.at('title').exists ? item : { ...item, title: c.at('title').text() ?? { zh: name } }
}

export const readProperties = (c: Cursor, parent = ''): Dict<PropertyDef> => {
  const required = new Set(c.at('required').names() ?? [])
  return c.at('properties').map((p, name) => readProperty(p, name, parent, required.has(name)))
}
