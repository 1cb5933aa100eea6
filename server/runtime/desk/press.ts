import { own } from '#server/platform/json.ts'
import { may } from '#server/runtime/access/index.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import type { ActionDef, EntityDef, JsonObject, MakeDef, SetDef } from '#server/runtime/definitions/index.ts'
import { asFeel, EffectRefused, makeRows, setOwn, setRows, typedInput, work, type EffectSpec, type MakeResult, type ProcessRuntime } from '#server/runtime/process/index.ts'
import { checkInputRules, dropEmpty, factsFor, pathOfError, recordScope, removeSet, saveSet, say, validateInput, visibleIds, wordsOf, type RecordData } from '#server/runtime/records/index.ts'
import type { Call, Problem } from '../context.ts'

export interface Press { button: string; ids: string[]; input?: JsonObject; comment?: string; revs?: Record<string, number>; signed?: boolean }
export interface Pressed { done: string[]; refused: { id: string; problems: Problem[] }[]; made: Record<string, unknown>; result?: MakeResult; output?: Record<string, unknown>; /** of an operation, per record */ outputs?: Record<string, Record<string, unknown>> }
/** Operations that an action calls directly, outside any process. */
export type CallOperation = (id: string, input: Record<string, unknown>, call: Call) => Promise<{ ok: true; output: Record<string, unknown> } | { ok: false; error: { code: string; message: string } }>

const empty = (): Pressed => ({ done: [], refused: [], made: {} })
const all = (ids: string[], ...problems: Problem[]): Pressed => ({ ...empty(), refused: (ids.length ? ids : ['']).map((id) => ({ id, problems })) })

/** Whatever the button is: delete, an action of the form, or an outcome or message of the process. */
export async function press(runtime: ProcessRuntime, call: Call, def: EntityDef, request: Press, operation: CallOperation): Promise<Pressed> {
  if (request.button === 'delete') return removal(await removeSet(runtime.engine, call, def, request.ids))
  const action = own(def.form.actions, request.button)
  if (!action) return { ...empty(), ...(await work(runtime, call, def, request)) }
  const verb = action.do === 'delete' ? 'delete' : `action:${request.button}`
  if (!may(call.programme, def, call.actor.role, verb)) return all(request.ids, { code: 'FORBIDDEN', message: '您没有此项操作的权限' })
  const wrong = checkInput(action, request.input ?? {})
  if (wrong.length) return all(request.ids, ...wrong)
  if (action.do === 'delete') return removal(await removeSet(runtime.engine, call, def, request.ids, { verb }))
  // outside systems are asked outside any transaction: nobody waits for the writer while they answer
  if (action.do === 'operation') return callAction(runtime, call, def, action, request, operation)
  return runtime.engine.db.savepoint(() => perform(runtime, call, def, action, request)).catch((error: unknown) => {
    if (error instanceof EffectRefused) return all(request.ids, ...error.problems)
    throw error
  })
}

const removal = (drafts: { id: string; problems: Problem[] }[]): Pressed => ({
  ...empty(), done: drafts.filter((d) => !d.problems.length).map((d) => d.id), refused: drafts.filter((d) => d.problems.length).map((d) => ({ id: d.id, problems: d.problems })),
})

function checkInput(action: ActionDef, input: JsonObject): Problem[] {
  const out: Problem[] = []
  for (const [name, p] of Object.entries(action.inputs ?? {}))
    if (p.required && (input[name] === undefined || input[name] === null || input[name] === '')) out.push({ code: 'REQUIRED', message: `${p.title.zh}：必填`, path: name })
  const own = Object.fromEntries(Object.entries(input).filter(([k]) => action.inputs?.[k]))
  const schema = action.input ? ('properties' in action.input ? action.input : { type: 'object', properties: action.input }) as JsonObject : null
  for (const e of schema ? validateInput(schema, dropEmpty(own)) : []) {
    const path = pathOfError(e)
    if (!out.some((x) => x.path === path)) out.push({ code: `SCHEMA_${e.keyword}`, message: `${action.inputs?.[path.split('.')[0]!]?.title.zh ?? path}：${wordsOf(e)}`, path })
  }
  return out
}

async function admit(runtime: ProcessRuntime, call: Call, def: EntityDef, action: ActionDef, request: Press): Promise<{ held: string[]; out: Pressed }> {
  const out = empty()
  const visible = await visibleIds(call, factsFor(runtime.engine, call), def, request.ids)
  const ids = request.ids.filter((id) => visible.has(id))
  for (const id of request.ids) if (!visible.has(id)) out.refused.push({ id, problems: [{ code: 'NOT_FOUND', message: '记录不存在，可能已被删除或您无权查看' }] })
  return { held: await holding(runtime, call, def, action, ids, request, out), out }
}

async function perform(runtime: ProcessRuntime, call: Call, def: EntityDef, action: ActionDef, request: Press): Promise<Pressed> {
  const { engine } = runtime
  const { held, out } = await admit(runtime, call, def, action, request)
  if (action.do === 'edit') {
    const data = Object.fromEntries(Object.entries(request.input ?? {}).filter(([k]) => def.properties[k])) as RecordData
    const drafts = await saveSet(engine, call, def, held.map((id) => ({ id, data })), { via: { kind: 'action', id: request.button, fields: action.fields ?? [] }, moments: [request.button], input: typedInput(action.inputs, request.input ?? {}), note: { kind: 'action', outcome: request.button, ...reasonOf(request) } })
    for (const d of drafts) if (d.problems.length) out.refused.push({ id: d.id, problems: d.problems }); else out.done.push(d.id)
    return out
  }
  if (action.do === 'message') {
    const done = await work(runtime, call, def, { ...request, button: action.message ?? request.button, ids: held })
    return { ...out, done: done.done, refused: [...out.refused, ...done.refused], made: done.made }
  }
  await effects(runtime, call, def, action, held, request, out)
  await auditAct(runtime, call, def, request, out)
  return out
}

const reasonOf = (request: Press): { comment?: string } => {
  const reason = request.comment ?? request.input?.['reason']
  return typeof reason === 'string' ? { comment: reason } : {}
}

async function holding(runtime: ProcessRuntime, call: Call, def: EntityDef, action: ActionDef, ids: string[], request: Press, out: Pressed): Promise<string[]> {
  if (action.scope === 'none' || action.do === 'edit') return ids
  const loader = factsFor(runtime.engine, call)
  const ok = await loader.settleAll(ids, (id) => {
    const row = { $: 'row', entity: def.id, id } as const
    return !action.if || loader.context.registry.expression(call.programme.id, action.if, recordScope(def)).evaluate(loader.scope({ record: row, item: row, old: null, input: typedInput(action.inputs, request.input ?? {}) })) === true
  })
  const ruled = await checkInputRules(runtime.engine, call, def, ids, request.button, typedInput(action.inputs, request.input ?? {}), request.comment)
  return ids.filter((id, i) => {
    const problems = ok[i] ? (ruled.get(id) ?? []) : [{ code: 'NOT_AVAILABLE', message: '当前状态下不能进行此操作' }]
    if (problems.length) out.refused.push({ id, problems })
    return problems.length === 0
  })
}

const auditAct = async (runtime: ProcessRuntime, call: Call, def: EntityDef, request: Press, out: Pressed): Promise<void> => {
  if (out.done.length > 0 || request.ids.length === 0) await runtime.engine.audit?.(auditEvent.acted(call.actor, { entity: def.id, button: request.button, records: out.done.filter(Boolean), refused: out.refused.length }))
}

/** One record after the other: the operation, then what the action sets from its output. */
async function callAction(runtime: ProcessRuntime, call: Call, def: EntityDef, action: ActionDef, request: Press, operation: CallOperation): Promise<Pressed> {
  const { held, out } = await admit(runtime, call, def, action, request)
  const input = typedInput(action.inputs, request.input ?? {})
  const own = (action.set ?? []).filter((s) => !s.entity && !s.rows)
  for (const id of action.scope === 'none' ? [''] : held) {
    const r = await operation(action.operation!, { ...(request.input ?? {}), ...(id ? { record: id, entity: def.id } : {}) }, call)
    if (!r.ok) { out.refused.push({ id, problems: [{ code: r.error.code, message: r.error.message }] }); continue }
    if (id) for (const s of own) await setOwn(runtime, call, def, [id], specOf(s), { input, params: input, output: asFeel(r.output) })
    out.done.push(id)
    out.output = { ...out.output, ...r.output }
    out.outputs = { ...out.outputs, [id]: r.output }
  }
  await auditAct(runtime, call, def, request, out)
  return out
}

const specOf = (d: SetDef | MakeDef): EffectSpec => ({ ...d, values: d.values } as EffectSpec)
async function effects(runtime: ProcessRuntime, call: Call, def: EntityDef, action: ActionDef, ids: string[], request: Press, out: Pressed): Promise<void> {
  const input = typedInput(action.inputs, request.input ?? {})
  for (const s of action.set ?? []) {
    if (!s.entity && !s.rows) await setOwn(runtime, call, def, ids, specOf(s), { input, params: input })
    else for (const id of ids.length ? ids : [null]) await setRows(runtime.engine, call, def, specOf(s), { input, params: input, record: id ? { $: 'row', entity: def.id, id } : null })
  }
  for (const m of action.make ?? []) {
    for (const id of ids.length ? ids : [null]) {
      const r = await makeRows(runtime.engine, call, def, specOf(m), { input, params: input, record: id ? { $: 'row', entity: def.id, id } : null })
      if (r.made.length + r.skipped + r.refused.length < (m.min ?? 0)) throw new EffectRefused(def, id ?? '', [{ code: 'NOTHING_TO_MAKE', message: say(m.message, call.actor.lang) || '没有符合条件的数据' }])
      out.result = { made: [...(out.result?.made ?? []), ...r.made], skipped: (out.result?.skipped ?? 0) + r.skipped, refused: [...(out.result?.refused ?? []), ...r.refused] }
      out.made[m.id] = r.made
    }
  }
  out.done.push(...ids)
}
