import type { Json, JsonObject } from '../runtime/definitions/index.ts'
import { buttonsFor } from '../runtime/desk/index.ts'
import { fieldRules, ruleFor, visibleIds } from '../runtime/records/index.ts'
import { listIncidents } from '../runtime/process/index.ts'
import { checkSent } from './sent.ts'
import { callOf, entityOf, facts, readPath, refOf, resolve, type Ref, type World } from './world.ts'

/** What a step gave, as far as its verb knows. */
export interface Outcome {
  ref?: Ref
  refs?: Ref[]
  refused?: string[]
  warned?: string[]
  denied?: boolean
  made?: number
  skipped?: number
  ok?: number
  failed?: number
  errors?: Record<string, string[]>
  count?: number
  pages?: number
  text?: string
  files?: string[]
  columns?: string[]
  rows?: unknown[]
  /** of pages: titles in the order shown */
  fields?: string[]
  required?: string[]
  readOnly?: string[]
  filters?: string[]
  lists?: string[]
  toolbar?: string[]
  bulk?: string[]
  related?: string[]
  documents?: string[]
  press?: string[]
  accept?: string[]
  /** texts or numbers by title */
  menu?: Record<string, unknown>
  tabs?: Record<string, unknown>
  cards?: Record<string, unknown>
  sections?: Record<string, unknown>
  cells?: Record<string, unknown>
  tables?: Record<string, unknown>
  states?: Record<string, unknown>
  values?: Record<string, unknown>
  choices?: Record<string, unknown>
  review?: unknown[]
  history?: unknown[]
  value?: unknown
  jobs?: string
  /** of a request to the REST resource */
  http?: number
  body?: unknown
  /** messages with larger ids are of this step */
  noticesAfter?: number
}

const show = (v: unknown): string => JSON.stringify(v)
const time = (v: unknown): number => (typeof v === 'string' && /^\d{4}-\d\d-\d\dT/.test(v) ? Date.parse(v) : Number.NaN)
export function same(found: unknown, wanted: unknown): boolean {
  if (wanted === null) return found === null || found === undefined
  if (typeof wanted === 'number') return Number(found) === wanted && found !== null && found !== undefined
  if (typeof wanted === 'string' && typeof found !== 'object') {
    if (Number.isFinite(time(wanted)) && Number.isFinite(time(found))) return time(wanted) === time(found)
    return String(found) === wanted
  }
  if (Array.isArray(wanted)) return Array.isArray(found) && found.length === wanted.length && wanted.every((v, i) => same(found[i], v))
  if (typeof wanted === 'object' && found !== null && typeof found === 'object') return Object.entries(wanted as object).every(([k, v]) => same((found as Record<string, unknown>)[k], v))
  return found === wanted
}
const sameSet = (a: string[], b: string[]): boolean => a.length === b.length && [...a].sort().join('\u0000') === [...b].sort().join('\u0000')

async function checkRecord(w: World, ref: Ref, wanted: JsonObject, problems: string[]): Promise<void> {
  for (const [path, value] of Object.entries(wanted)) {
    const expected = await resolve(w, value)
    const found = await readPath(w, ref, path)
    if (!same(found, expected)) problems.push(`${path} is ${show(found)}, expected ${show(expected)}`)
  }
}

async function checkButtons(w: World, ref: Ref, wanted: string[], problems: string[]): Promise<void> {
  const found = ((await buttonsFor(w.core.processes, callOf(w), facts(w), entityOf(w, ref.entity), [ref.id])).get(ref.id) ?? []).filter((b) => b.disabled.length === 0).map((b) => b.id)
  if (!sameSet(found, wanted)) problems.push(`buttons are [${found.join(', ')}], expected [${wanted.join(', ')}]`)
}
async function checkDisabled(w: World, ref: Ref, wanted: Record<string, string[]>, problems: string[]): Promise<void> {
  const found = (await buttonsFor(w.core.processes, callOf(w), facts(w), entityOf(w, ref.entity), [ref.id])).get(ref.id) ?? []
  for (const [id, reasons] of Object.entries(wanted)) {
    const b = found.find((x) => x.id === id)
    if (!b) problems.push(`there is no button ${id}`)
    else if (!sameSet(b.disabled, reasons)) problems.push(`button ${id} says ${show(b.disabled)}, expected ${show(reasons)}`)
  }
}
async function checkHidden(w: World, ref: Ref, wanted: string[], problems: string[]): Promise<void> {
  const loader = facts(w)
  const def = entityOf(w, ref.entity)
  const rules = await loader.settle(() => fieldRules(callOf(w), loader, def, { $: 'row', entity: def.id, id: ref.id }))
  for (const path of wanted) if (!ruleFor(rules, path)?.hidden) problems.push(`${path} is not hidden`)
}

/** true, false, or a text that the message of an open incident of the record contains */
async function checkIncident(w: World, ref: Ref, wanted: Json, problems: string[]): Promise<void> {
  const open = (await listIncidents(w.core.processes, w.core.system(w.programme), { record: ref.id })).filter((i) => i.entity === entityOf(w, ref.entity).id)
  const said = open.map((i) => `${i.element}: ${i.message}`)
  if (wanted === false || wanted === null) { if (said.length) problems.push(`there is an incident: ${said.join('；')}`) }
  else if (!said.some((m) => wanted === true || m.includes(String(wanted)))) problems.push(`there is no incident ${show(wanted)}, but ${show(said)}`)
}

/** Expectations that are compared as they are: names of records in them are replaced first. */
const PLAIN = new Set(['rows', 'cells', 'tables', 'values', 'review', 'history', 'value', 'states'])

/** Every way in which what happened differs from what the step expects. */
export async function checkExpect(w: World, expect: JsonObject | undefined, outcome: Outcome): Promise<string[]> {
  const problems: string[] = []
  const wants = expect ?? {}
  const refused = outcome.refused ?? []
  const told = ['refused', 'denied', 'errors', 'failed', ...(outcome.http === undefined ? [] : ['status'])].some((k) => k in wants)
  if (refused.length && !told) problems.push(`refused: ${refused.join('；')}`)
  if (outcome.denied && !told) problems.push('denied')
  if (!outcome.ref && refused.length && !told) return [`refused: ${refused.join('；')}`]
  for (const [key, wanted] of Object.entries(wants)) await checkOne(w, key, wanted, outcome, problems)
  return problems
}

async function checkOne(w: World, key: string, written: Json, o: Outcome, problems: string[]): Promise<void> {
  const wanted = PLAIN.has(key) ? await resolve(w, written) : written
  const differ = (found: unknown): void => { if (!same(found, wanted)) problems.push(`${key} is ${show(found)}, expected ${show(wanted)}`) }
  const needRef = (): Ref => { if (!o.ref) throw new Error(`the step has no record to look at for "${key}"`); return o.ref }
  if (key.startsWith('$')) {
    const ref = refOf(w, key)
    const { buttons, status, record, ...rest } = wanted as JsonObject
    if (status !== undefined) await checkRecord(w, ref, { status }, problems)
    if (record) await checkRecord(w, ref, record as JsonObject, problems)
    if (buttons) await checkButtons(w, ref, buttons as string[], problems)
    return checkRecord(w, ref, rest, problems)
  }
  switch (key) {
    case 'status': return o.http !== undefined ? differ(o.http) : checkRecord(w, needRef(), { status: wanted }, problems)
    case 'record': return checkRecord(w, needRef(), wanted as JsonObject, problems)
    case 'buttons': return checkButtons(w, needRef(), wanted as string[], problems)
    case 'disabled': return checkDisabled(w, needRef(), wanted as Record<string, string[]>, problems)
    case 'hidden': return checkHidden(w, needRef(), wanted as string[], problems)
    case 'denied': return differ(o.denied ?? (o.ref ? !(await visibleIds(callOf(w), facts(w), entityOf(w, o.ref.entity), [o.ref.id])).has(o.ref.id) : false))
    case 'refused': case 'warned': {
      const found = (key === 'refused' ? o.refused : o.warned) ?? []
      if (wanted === true) { if (found.length === 0) problems.push(`nothing was ${key}`) } else if (wanted === false) { if (found.length) problems.push(`${key}: ${found.join('；')}`) }
      else if (!sameSet([...new Set(found)], typeof wanted === 'string' ? [wanted] : (wanted as string[]))) problems.push(`${key} is ${show(found)}, expected ${show(wanted)}`)
      return
    }
    case 'errors': {
      for (const [row, messages] of Object.entries(wanted as Record<string, string[]>)) if (!sameSet(o.errors?.[row] ?? [], messages)) problems.push(`row ${row} says ${show(o.errors?.[row] ?? [])}, expected ${show(messages)}`)
      return
    }
    case 'each': { if (!o.refs?.length) problems.push('there is no record to compare "each" with'); for (const ref of o.refs ?? []) await checkRecord(w, ref, wanted as JsonObject, problems); return }
    case 'text': {
      for (const t of (Array.isArray(wanted) ? wanted : [wanted]) as string[]) if (!(o.text ?? '').replace(/\s+/g, '').includes(String(await resolve(w, t)).replace(/\s+/g, ''))) problems.push(`the text does not contain ${show(t)}`)
      return
    }
    case 'menu': {
      const found = (o.menu ?? {}) as Record<string, string[]>
      const inOrder = (all: string[], some: string[]): boolean => same(all.filter((x) => some.includes(x)), some)
      const groups = Object.entries(wanted as Record<string, string[]>)
      if (!inOrder(Object.keys(found), groups.map(([g]) => g))) problems.push(`the groups of the menu are ${show(Object.keys(found))}, expected ${show(groups.map(([g]) => g))} among them in this order`)
      for (const [group, entries] of groups) if (found[group] && !inOrder(found[group], entries)) problems.push(`the menu ${group} holds ${show(found[group])}, expected ${show(entries)} among them in this order`)
      return
    }
    case 'tabs': case 'sections': case 'cards': {
      const found = (o[key] ?? {}) as Record<string, unknown>
      const keys = Array.isArray(wanted) ? wanted : Object.keys(wanted as JsonObject)
      if (!same(Object.keys(found), keys)) problems.push(`${key} are ${show(Object.keys(found))}, expected ${show(keys)}`)
      else if (!Array.isArray(wanted)) differ(found)
      return
    }
    case 'count': case 'rows': case 'pages': { const v = o[key]; return differ(Array.isArray(v) && typeof wanted === 'number' ? v.length : v) }
    case 'files': {
      if (typeof wanted === 'number') return differ((o.files ?? []).length)
      for (const f of (Array.isArray(wanted) ? wanted : [wanted]) as string[]) if (!(o.files ?? []).includes(f)) problems.push(`there is no file ${f}, but ${show(o.files)}`); return }
    case 'ok': case 'failed': {
      if (!same(o[key], wanted)) problems.push(`${key} is ${show(o[key])}, expected ${show(wanted)}${o.errors && Object.keys(o.errors).length ? `: ${Object.entries(o.errors).slice(0, 5).map(([row, messages]) => `row ${row}: ${messages.join('；')}`).join(' · ')}` : ''}`)
      return
    }
    case 'sent': { problems.push(...(await checkSent(w, wanted, o.noticesAfter ?? 0))); return }
    case 'incident': return checkIncident(w, needRef(), wanted, problems)
    case 'jobs': return differ(o.jobs ?? 'done')
    default: return differ((o as Record<string, unknown>)[key])
  }
}
