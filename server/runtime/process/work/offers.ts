import type { Dict, EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/model.ts'
import { failing, recordScope, type FactLoader } from '#server/runtime/records/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import { availableOutcomes, hasActedIn, namesOfToken, signatureAt, type ElementInfo, type MoveDef, type OutcomeDef } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { evaluatorFor, feelNames } from '../store/evaluate.ts'
import { loadInstances, waitsOf, type Instance } from '../store/instances.store.ts'
import { doneTasks } from './done-tasks.ts'
import { barredBy, makersOf } from './duties.ts'
import { mayWork } from './may-work.ts'
import { rolesAsked, type Verb } from './move-defs.ts'
import { instanceMoves, signatureOffers, taskMoves, type AtTask } from './move-offers.ts'
import { SUSPENDED } from './suspend.ts'

/** One thing a person may do now with a record's process. */
export interface Offer {
  id: string
  kind: 'outcome' | 'message' | 'move'
  /** of a move: what it does, as the definition says it, and what may be chosen */
  verb?: Verb
  move?: MoveDef
  choices?: { id: string; title: string }[]
  /** the row of the task it is about */
  task?: string
  title: string
  style: 'primary' | 'default' | 'danger'
  comment: 'none' | 'optional' | 'required'
  signature: boolean
  /** input form: <entity>/<name> */
  form?: string
  confirm?: string
  bulk?: string
  instance: Instance
  token: number
  element: ElementInfo
  /** what FEEL sees of the loop the task stands in, and variables */
  names: Record<string, unknown>
  /** what keeps it from being done now: every reason */
  reasons: string[]
}

const styleOf = (text: string | undefined): Offer['style'] => (text === 'primary' || text === 'danger' ? text : 'default')

export interface TaskHolder { id: string; org: string | null; assignee: string | null; /** taken or given: may be put back */ claimed: boolean; /** gets it back for the outcome */ owner: string | null }
/** Whose the open tasks are, by `<instance>|<token>|<element>`. */
export async function taskHolders(runtime: ProcessRuntime, instances: Instance[]): Promise<Map<string, TaskHolder>> {
  const { db } = runtime.engine
  const out = new Map<string, TaskHolder>()
  const text = (id: number | null): string | null => (id === null ? null : String(id))
  const where = db.idsIn('instance_id', instances.map((i) => i.id))
  for (const r of await db.all<{ id: number; instance_id: number; token: number; element: string; org: number | null; assignee: number | null; claimed_at: number | null; owner: number | null }>(`SELECT id, instance_id, token, element, org, assignee, claimed_at, owner FROM tasks WHERE completed_at IS NULL AND ${where.sql}`, where.params))
    out.set(`${r.instance_id}|${r.token}|${r.element}`, { id: String(r.id), org: text(r.org), assignee: text(r.assignee), claimed: r.claimed_at !== null, owner: text(r.owner) })
  return out
}

/** Buttons of a set of records: exactly what their processes wait for and the person may do; a failing rule leaves a button with its reasons. `only` = no other button is asked for. */
export async function offersFor(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, records: string[], only?: string): Promise<Map<string, Offer[]>> {
  const out = new Map<string, Offer[]>(records.map((r) => [r, []]))
  if (!runtime.catalogue.of(call.programme, def)) return out
  const instances = (await loadInstances(runtime.engine, runtime.catalogue, { def, records })).filter((i) => !i.ended)
  const holders = await taskHolders(runtime, instances)
  const done = await doneTasks(runtime, call, instances)
  const makers = await makersOf(runtime, def, instances)
  const found = await loader.settleAll(instances, (instance): Offer[] => {
    const { compiled } = instance.process
    const evaluate = evaluatorFor(loader, def, instance.record)
    const mine = (w: { token: number; element: string }): number => (holders.get(`${instance.id}|${w.token}|${w.element}`)?.assignee === call.actor.userId ? 0 : 1)
    const open = waitsOf(instance)
    const sorted = open.length < 2 ? open : [...open].sort((a, b) => (a.kind === 'task' && b.kind === 'task' ? mine(a) - mine(b) : 0))
    const offered = onceEach(sorted.flatMap((w): Offer[] => {
      const names = namesOfToken(instance.state, w.token)
      const el = compiled.elements[w.element]!
      if (w.kind === 'task') {
        const held = holders.get(`${instance.id}|${w.token}|${w.element}`)
        const at: AtTask = { instance, token: w.token, el, names, held, done: done.get(instance.id) ?? [], barred: barredBy(instance, el, done.get(instance.id) ?? [], makers.get(instance.record), call.actor.userId) }
        const signature = signatureAt(compiled, instance.state, w.token)
        if (signature) return mayWork(call, { ...el, role: rolesAsked(el) }, null, held?.assignee ?? null) ? signatureOffers(at, call.actor.lang) : []
        if (!mayWork(call, el, held?.org ?? null, held?.assignee ?? null) || hasActedIn(compiled, instance.state, w.token, actingUser(call))) return []
        const outcomes = held?.owner ? [] : availableOutcomes(compiled, w.element, evaluate, names)
          .filter((o) => only === undefined || o.id === only)
          .filter((o) => !o.role?.length || mayWork(call, { ...el, role: o.role }, null))
          .map((o) => {
            const offer = outcomeOffer(o, instance, w.token, el, names)
            if (held) offer.task = held.id
            if (at.barred !== null) offer.reasons.push(at.barred)
            return offer
          })
        return [...outcomes, ...taskMoves(call, at, evaluate)]
      }
      if (w.kind !== 'message' || !el.label || (only !== undefined && el.message !== only) || !mayWork(call, el, orgOf(evaluate, el, names))) return []
      return [{
        id: el.message!, kind: 'message', title: el.label, style: styleOf(el.style), comment: el.comment ?? 'none', signature: false, instance, token: w.token, element: el, names, reasons: [],
        ...(el.form ? { form: el.form } : {}), ...(el.confirm ? { confirm: el.confirm } : {}), ...(el.bulk ? { bulk: el.bulk } : {}),
      }]
    }))
    const all = [...offered, ...instanceMoves(call, { instance, done: done.get(instance.id) ?? [], open, holders }, evaluate)]
    return instance.suspended ? all.map((o) => (o.verb === 'resume' ? o : { ...o, reasons: [SUSPENDED] })) : all
  })
  const offers = found.flat()
  for (const offer of offers) out.get(offer.instance.record)?.push(offer)
  const ruled = offers.filter((offer) => hasRules(def, offer.id))
  const reasons = await loader.settleAll(ruled, (offer) => reasonsFor(loader, def, offer, call))
  ruled.forEach((offer, i) => { offer.reasons = [...offer.reasons, ...reasons[i]!] })
  return out
}

/** Who acts, as a loop remembers it. */
export const actingUser = (call: Call): unknown => (call.actor.userId === '' ? undefined : { $: 'row', entity: 'core/user', id: call.actor.userId })
/** A button of several tasks that one person could take is one button. */
const onceEach = (offers: Offer[]): Offer[] => offers.length < 2 ? offers : offers.filter((o, i) => offers.findIndex((x) => x.kind === o.kind && x.id === o.id && x.element.id === o.element.id) === i)

const orgOf = (evaluate: ReturnType<typeof evaluatorFor>, el: ElementInfo, names: Record<string, unknown>): string | null => { const v = el.org ? evaluate(el.org, names) : null; return v === null ? null : String(v) }

function outcomeOffer(o: OutcomeDef, instance: Instance, token: number, element: ElementInfo, names: Record<string, unknown>): Offer {
  return {
    id: o.id, kind: 'outcome', title: o.label, style: styleOf(o.style), comment: o.comment, signature: o.signature === 'drawn', instance, token, element, names, reasons: [],
    ...(o.form ? { form: o.form } : {}), ...(o.confirm ? { confirm: o.confirm } : {}), ...(o.bulk ? { bulk: o.bulk } : {}),
  }
}

const plain = new WeakMap<EntityDef, EntityDef['rules']>()
const readsInput = (text: string | undefined): boolean => /\b(input|comment)\b/.test(text ?? '')
function rulesWithoutInput(def: EntityDef): EntityDef['rules'] {
  let rules = plain.get(def)
  if (!rules) plain.set(def, (rules = Object.fromEntries(Object.entries(def.rules).filter(([, r]) => !readsInput(r.must) && !readsInput(r.if)))))
  return rules
}

const buttons = new WeakMap<EntityDef, Set<string>>()
function hasRules(def: EntityDef, button: string): boolean {
  let named = buttons.get(def)
  if (!named) buttons.set(def, (named = new Set(Object.values(rulesWithoutInput(def)).flatMap((r) => r.on))))
  return named.has(button)
}

/** Rules of this button that fail already without input; those that read the input are asked when it is there. */
function reasonsFor(loader: FactLoader, def: EntityDef, offer: Offer, call: Call): string[] {
  const rules = rulesWithoutInput(def)
  const names: Record<string, FeelValue> = { record: { $: 'row', entity: def.id, id: offer.instance.record }, item: null, old: null, input: null, outcome: offer.id, task: null, output: null, made: null, params: null, comment: null, ...feelNames(offer.names) }
  return failing(loader, def, rules, [offer.id], names, call.actor.lang, recordScope(def)).blocks.map((p) => p.message)
}

/** Properties of an outcome's dialog: its form's, and those of the record that it may set. */
export function inputProperties(call: Call, def: EntityDef, offer: { form?: string }): Dict<PropertyDef> {
  const cut = offer.form?.lastIndexOf('/') ?? -1
  const own = offer.form ? call.programme.entities[offer.form.slice(0, cut)]?.inputProperties?.[offer.form.slice(cut + 1)] : undefined
  return { ...def.properties, ...own }
}

/** The JSON Schema of an outcome's input dialog. */
export function inputSchema(call: Call, offer: { form?: string }): JsonObject | null {
  if (!offer.form) return null
  const cut = offer.form.lastIndexOf('/')
  const entity = call.programme.entities[offer.form.slice(0, cut)]
  return entity?.inputForms[offer.form.slice(cut + 1)] ?? null
}
