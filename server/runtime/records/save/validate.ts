import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Dict, EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { Expression } from '#server/runtime/expressions/types.ts'
import type { Lang } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { getPath, setPath } from '../schema/properties.ts'
import { isIdNumber } from './formats.ts'
import { good, refuse, type Draft } from './draft.ts'
import { say } from './messages.ts'
import { planOf } from './plan.ts'
import { expressionsOf, scopeOf } from './values.ts'

const formats = addFormats as unknown as (ajv: Ajv2020) => void
const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: false, ownProperties: true, multipleOfPrecision: 6 })
formats(ajv)
ajv.addFormat('cn-id-number', { type: 'string', validate: isIdNumber })
ajv.addFormat('cn-mobile', /^1[3-9]\d{9}$/)
ajv.addFormat('password', true)

/** The JSON Schema proper: without x- keywords, computed and referenced values as their JSON types, objects closed. */
export function plainSchema(properties: Dict<PropertyDef>, schema: JsonObject): JsonObject {
  const strip = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(strip)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).filter(([k]) => !k.startsWith('x-') && k !== '$id' && k !== '$schema' && k !== 'default').map(([k, v]) => [k, strip(v)]))
  }
  const plain = strip(schema) as JsonObject
  delete (plain['properties'] as JsonObject | undefined)?.['status']
  return { ...plain, type: 'object', additionalProperties: false, ...(properties ? {} : {}) }
}

const validators = new WeakMap<EntityDef, ValidateFunction>()
function validatorOf(def: EntityDef): ValidateFunction {
  let v = validators.get(def)
  if (!v) validators.set(def, (v = ajv.compile(plainSchema(def.properties, def.schema))))
  return v
}
/** Judges some fields of a record alone. */
export function validatorFor(def: EntityDef, names: string[]): ValidateFunction {
  const whole = plainSchema(def.properties, def.schema)
  return ajv.compile({ ...whole, properties: Object.fromEntries(Object.entries(whole['properties'] as JsonObject).filter(([name]) => names.includes(name))) })
}
/** For inputs of actions, outcomes and imports. */
const inputValidators = new WeakMap<JsonObject, ValidateFunction>()
export function validateInput(schema: JsonObject, data: unknown): ErrorObject[] {
  let v = inputValidators.get(schema)
  if (!v) inputValidators.set(schema, (v = ajv.compile(plainSchema({}, schema))))
  return v(data) ? [] : (v.errors ?? [])
}

const WORDS: Record<string, (p: Record<string, unknown>) => string> = {
  minLength: (p) => `至少 ${String(p['limit'])} 个字`, maxLength: (p) => `最多 ${String(p['limit'])} 个字`,
  minimum: (p) => `不能小于 ${String(p['limit'])}`, maximum: (p) => `不能大于 ${String(p['limit'])}`,
  exclusiveMinimum: (p) => `必须大于 ${String(p['limit'])}`, exclusiveMaximum: (p) => `必须小于 ${String(p['limit'])}`,
  multipleOf: (p) => `必须是 ${String(p['multipleOf'])} 的倍数`, minItems: (p) => `至少 ${String(p['limit'])} 项`, maxItems: (p) => `最多 ${String(p['limit'])} 项`,
  uniqueItems: () => '不能有重复项', enum: () => '不在可选范围内', const: () => '值不正确', pattern: () => '格式不正确',
  required: () => '必填', additionalProperties: (p) => `没有字段“${String(p['additionalProperty'])}”`,
  format: (p) => ({ 'cn-id-number': '不是有效的身份证号码（18 位，末位校验）', 'cn-mobile': '不是有效的手机号码（11 位）', email: '不是有效的邮箱', date: '日期应写作 2026-03-01', 'date-time': '时间格式不正确', uri: '不是有效的网址' } as Record<string, string>)[String(p['format'])] ?? '格式不正确',
  type: (p) => ({ integer: '应为整数', number: '应为数字', string: '应为文字', boolean: '应为是或否', array: '应为列表', object: '应为一组内容' } as Record<string, string>)[String(p['type'])] ?? '类型不正确',
}
export const wordsOf = (e: ErrorObject): string => WORDS[e.keyword]?.(e.params as Record<string, unknown>) ?? `不符合要求（${e.keyword}）`

export function pathOfError(e: ErrorObject): string {
  const base = e.instancePath.split('/').slice(1).map((k) => k.replaceAll('~1', '/').replaceAll('~0', '~'))
  const extra = e.keyword === 'required' ? [String((e.params as { missingProperty: string }).missingProperty)] : []
  return [...base, ...extra].join('.')
}
export function titleAt(properties: Dict<PropertyDef>, path: string, lang: Lang): string {
  let level: Dict<PropertyDef> | undefined = properties
  const titles: string[] = []
  for (const k of path.split('.')) {
    if (/^\d+$/.test(k)) { titles.push(`第 ${Number(k) + 1} 行`); continue }
    const p: PropertyDef | undefined = level?.[k]
    if (!p) break
    titles.push(say(p.title, lang))
    level = p.properties ?? p.items?.properties
  }
  return titles.join(' ') || path
}

interface Condition { p: PropertyDef; visible: boolean; required: boolean }
const OF_ALL = new Set(['program', 'user'])
/** Whether an expression has one answer for all records that are looked at with the same facts. */
const isOfAll = (e: Expression): boolean => e.reads.every((r) => r.entity === undefined && OF_ALL.has(r.root))

/** Which properties are visible and which required, of each draft; where no record is asked, all of an entity share the answer. */
async function conditionsOf(loader: FactLoader, drafts: Draft[]): Promise<Condition[][]> {
  const same = new Map<EntityDef, Condition[]>()
  return loader.settleAll(drafts, (d) => {
    const known = same.get(d.def)
    if (known) return known
    const [scope, compiled] = [scopeOf(loader, d), expressionsOf(loader, d.def)]
    let own = false
    const test = (text: string): boolean => {
      const e = compiled(text)
      own ||= !isOfAll(e)
      return e.evaluate(scope) === true
    }
    const conditions = planOf(d.def).asked.map((p) => {
      const visible = p.when?.visible === undefined || test(p.when.visible)
      return { p, visible, required: visible && (p.required || (p.when?.required !== undefined && test(p.when.required))) }
    })
    if (!own) same.set(d.def, conditions)
    return conditions
  })
}

/** Invisible fields are emptied; required ones must be there; then JSON Schema has its say. */
export async function validateDrafts(loader: FactLoader, drafts: Draft[], lang: Lang): Promise<void> {
  const todo = good(drafts)
  const conditions = await conditionsOf(loader, todo)
  todo.forEach((d, i) => {
    // rules see the record as it was given; what is emptied is emptied in a copy
    if (conditions[i]!.some((c) => !c.visible)) d.data = { ...d.data }
    for (const { p, visible, required } of conditions[i]!) {
      if (!visible) { setPath(d.data, p.path, undefined); continue }
      if (!required || p.number || p.compute?.at === 'read' || p.governor === 'effect' || p.path === 'status') continue
      const v = getPath(d.data, p.path)
      const parent = p.path.includes('.') ? getPath(d.data, p.path.split('.').slice(0, -1).join('.')) : d.data
      if (parent !== undefined && (v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0)))
        refuse(d, 'REQUIRED', `${titleAt(d.def.properties, p.path, lang)}：必填`, p.path)
    }
    const json = hasEmpty(d.data) ? dropEmpty(d.data) : d.data
    requireItems(d, json, lang)
    const validate = validatorOf(d.def)
    if (validate(json)) return
    for (const e of validate.errors ?? []) {
      const path = pathOfError(e)
      if (d.problems.some((x) => x.path === path)) continue
      refuse(d, `SCHEMA_${e.keyword}`, `${titleAt(d.def.properties, path, lang)}：${wordsOf(e)}`, path)
    }
  })
}

/** x-required of the fields of array items. */
function requireItems(d: Draft, data: Record<string, unknown>, lang: Lang): void {
  for (const p of planOf(d.def).tables) {
    const list = getPath(data, p.path)
    if (!Array.isArray(list)) continue
    list.forEach((item: Record<string, unknown> | null, i) => {
      for (const c of Object.values(p.items!.properties!)) {
        const v = item?.[c.name]
        if (c.required && !c.compute && (v === undefined || v === null || v === '')) refuse(d, 'REQUIRED', `${titleAt(d.def.properties, `${p.path}.${i}.${c.name}`, lang)}：必填`, `${p.path}.${i}.${c.name}`)
      }
    })
  }
}

const hasEmpty = (value: unknown): boolean => {
  if (value === null || value === undefined || value === '') return true
  if (typeof value !== 'object') return false
  // what of a list is empty stays: only members of objects are dropped
  if (Array.isArray(value)) return value.some((v) => v !== null && typeof v === 'object' && hasEmpty(v))
  for (const key in value) if (hasEmpty((value as Record<string, unknown>)[key])) return true
  return false
}
/** null, undefined and empty text mean absent. */
export function dropEmpty<T>(value: T): T {
  if (Array.isArray(value)) return value.map(dropEmpty) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null && v !== undefined && v !== '').map(([k, v]) => [k, dropEmpty(v)])) as T
}
