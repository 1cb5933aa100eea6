import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import type { RecordData } from '../schema/codec.ts'
import { isRow } from '../schema/feel-values.ts'
import { isReadCompute, isSensitive } from '../schema/properties.ts'
import type { Draft } from './draft.ts'

/** Kinds whose values are told apart by their text. */
export const PLAIN_KINDS: ReadonlySet<PropertyDef['kind']> = new Set<PropertyDef['kind']>(['ref', 'string', 'integer', 'number', 'boolean', 'date'])
/** the same for all records of a call, or told by the other reads */
const COMMON = new Set(['user', 'program', 'rows'])
const OWN = new Set(['', 'record', 'item'])
/** columns of the record that go before a field of the same name */
const SYSTEM = new Set(['status', 'org', 'createdBy', 'program', 'createdAt', 'rev'])
/** the record as such, not something of it */
const ITSELF = /\b(?:record|item)\b(?!\s*\.)/

/** Names of the own fields that expressions of a record start from, as far as they name any. */
export function startsOf(loader: FactLoader, def: EntityDef, texts: readonly (string | undefined)[]): string[] {
  const { registry, programme } = loader.context
  return texts.flatMap((text) => (text === undefined ? [] : registry.expression(programme.id, text, recordScope(def)).reads))
    .flatMap(({ root, path }) => (OWN.has(root) ? path.slice(0, 1) : []))
}

const plans = new WeakMap<EntityDef, Map<string, PropertyDef[] | null>>()
/** Own plain fields from which the answers to these texts follow, and from nothing else of the record; null where they may follow from more. */
export function followFrom(loader: FactLoader, def: EntityDef, texts: readonly string[]): PropertyDef[] | null {
  let known = plans.get(def)
  if (!known) plans.set(def, (known = new Map()))
  const key = JSON.stringify([loader.context.programme.id, texts])
  let plan = known.get(key)
  if (plan === undefined) known.set(key, (plan = makePlan(loader, def, texts)))
  return plan
}
function makePlan(loader: FactLoader, def: EntityDef, texts: readonly string[]): PropertyDef[] | null {
  const { registry, programme } = loader.context
  if (texts.some((text) => ITSELF.test(text))) return null
  const found = new Set<PropertyDef>()
  for (const text of texts) for (const { root, path } of registry.expression(programme.id, text, recordScope(def)).reads) {
    if (COMMON.has(root)) continue
    const p = OWN.has(root) && path.length > 0 ? def.properties[path[0]!] : undefined
    if (!p || SYSTEM.has(p.name) || !PLAIN_KINDS.has(p.kind) || isReadCompute(p) || isSensitive(p)) return null
    found.add(p)
  }
  return [...found]
}

/** One key for all records whose fields say the same: nothing, or what they read as. */
function keyOf(data: RecordData, fields: readonly PropertyDef[]): string {
  let key = ''
  for (const { name } of fields) {
    const v = data[name]
    const text = v === undefined || v === null ? '' : String(v as string | number | boolean)
    // the length says where a text ends, whatever stands in it
    key += `${text.length}:${text}`
  }
  return key
}

/**
 * What `run` answers for each record of a set, asked once for all that hold the same in the fields from which these texts follow.
 * The answers are shared: they are not to be changed.
 */
export async function askAlike<T>(loader: FactLoader, drafts: readonly Draft[], texts: readonly string[], run: (d: Draft) => T): Promise<T[]> {
  // with one record there is nothing to share, and a single save should not pay for finding that out
  if (drafts.length < 2) return loader.settleAll(drafts, run)
  const [first] = drafts
  const { user } = loader.context
  // the session knows more of the acting user than that user's record
  const alike = first && drafts.every((d) => d.def === first.def) && !(isRow(user) && user.entity === first.def.id)
  const from = alike ? followFrom(loader, first.def, texts) : null
  // of a part of a record, what is not held is not known
  if (!from || drafts.some((d) => d.held && from.some((p) => !d.held!.names.has(p.name)))) return loader.settleAll(drafts, run)
  const at = new Map<string, number>()
  const asked: Draft[] = []
  const which = drafts.map((d) => {
    const key = keyOf(d.data, from)
    let n = at.get(key)
    if (n === undefined) { at.set(key, (n = asked.length)); asked.push(d) }
    return n
  })
  const answers = await loader.settleAll(asked, run)
  return which.map((n) => answers[n]!)
}
