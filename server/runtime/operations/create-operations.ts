import { AppError, isOutage } from '#server/platform/errors.ts'
import type { Log } from '#server/platform/log.ts'
import type { Random } from '#server/platform/random.ts'
import type { Clock } from '#server/platform/clock.ts'
import { factsFor, feelToJson, forceOf, isRow, itemScope, Select, validateInput, type Engine } from '#server/runtime/records/index.ts'
import { isPrinterLost } from '#server/runtime/documents/index.ts'
import { asFeel } from '#server/runtime/process/index.ts'
import type { Operation, OperationContext, OperationInput, OperationOutcome, OperationQuery } from '../contracts.ts'
import type { Call } from '../context.ts'

export interface OperationsDeps {
  engine: Engine
  log: Log
  random: Random
  clock: Clock
  list: Operation[]
  documents: OperationContext['documents']
  files: OperationContext['files']
  accounts: OperationContext['accounts']
  adapter: OperationContext['adapter']
}
export interface Operations {
  contracts(): Operation['contract'][]
  run(id: string, inputs: OperationInput[], call: Call, progress?: (done: number, total: number) => Promise<void>): Promise<OperationOutcome[]>
}

const BATCH = 5000

/** Runs operations by id: inputs are checked against the contract, outputs too, and one that throws becomes an error of its inputs, not of the others'. */
export function createOperations(deps: OperationsDeps): Operations {
  const byId = new Map(deps.list.map((o) => [o.contract.id, o]))
  return {
    contracts: () => deps.list.map((o) => o.contract),
    async run(id, inputs, call, progress = async () => {}) {
      const operation = byId.get(id)
      if (!operation) throw new AppError('OPERATION_FAILED', { operation: id, reason: '没有此操作' })
      const ctx = contextFor(deps, operation, call, progress)
      const out: OperationOutcome[] = new Array<OperationOutcome>(inputs.length)
      const valid: number[] = []
      inputs.forEach((input, i) => {
        const wrong = validateInput(operation.contract.input, dropNull(input.input))
        if (wrong.length) out[i] = { ok: false, error: { code: 'INPUT_INVALID', message: `${id}: ${wrong.map((e) => `${e.instancePath || '/'} ${e.message ?? ''}`).join('; ')}` } }
        else valid.push(i)
      })
      const groups = operation.contract.set ? [valid] : valid.map((i) => [i])
      for (const group of groups) {
        if (group.length === 0) continue
        const results = await operation.run(group.map((i) => inputs[i]!), ctx).catch((error: unknown): OperationOutcome[] => {
          // what is away comes back: the whole is done again then, by the same keys
          if (isOutage(error) || isPrinterLost(error)) throw error
          deps.log.error({ err: error, operation: id }, 'operation failed')
          const message = error instanceof AppError ? error.person : '处理失败，请稍后重试'
          return group.map(() => ({ ok: false, error: { code: error instanceof AppError ? error.code : 'OPERATION_FAILED', message } }))
        })
        group.forEach((i, n) => { out[i] = results[n] ?? { ok: false, error: { code: 'OPERATION_FAILED', message: `${id} gave no result` } } })
      }
      return out
    },
  }
}

const dropNull = (input: Record<string, unknown>) => Object.fromEntries(Object.entries(input).filter(([, v]) => v !== null && v !== undefined))

function contextFor(deps: OperationsDeps, operation: Operation, call: Call, progress: OperationContext['progress']): OperationContext {
  const { programme } = call
  return {
    clock: deps.clock, random: deps.random, log: deps.log, now: call.now, zone: call.zone, programme: programme.id, actor: { userId: call.actor.userId || null, orgId: call.actor.orgId },
    param: (name) => programme.params[name]?.value ?? null,
    policy: (name) => forceOf(programme, name, call.now),
    query: (query) => rowsOf(deps.engine, call, query) as AsyncIterable<never[]>,
    documents: deps.documents, files: deps.files, accounts: deps.accounts, adapter: deps.adapter, progress,
  }
}

/** Columns by FEEL path in batches with a keyset on id; where an order is asked for, the whole (small) result is ordered by the database. */
async function* rowsOf(engine: Engine, call: Call, query: OperationQuery): AsyncIterable<Record<string, unknown>[]> {
  const loader = factsFor(engine, call)
  const def = engine.registry.entity(call.programme.id, query.entity)
  const params = asFeel(query.params ?? {})
  const names = itemScope(def)
  for (let after = 0; ;) {
    const select = new Select(def, loader, loader.scope({ params, input: params, record: null }), ['item'])
    if (def.home === 'programme') select.whereSql('t.program = ?', [call.programme.id])
    if (query.where) select.where(query.where, names)
    for (const o of query.order ?? []) select.order(o.replace(/^-/, ''), names, o.startsWith('-'))
    if (!query.order?.length) select.whereSql('t.id > ?', [after]).limit(BATCH)
    select.orderSql('t.id ASC').columnSql('id__', 't.id')
    const plain = Object.entries(query.columns).filter(([, text]) => select.compile(text, names).notSqlable === null)
    plain.forEach(([, text], i) => select.column(`c${i}`, text, names))
    const rows = await select.all<Record<string, unknown>>()
    const rest = Object.entries(query.columns).filter(([name]) => !plain.some(([n]) => n === name))
    const typed = rest.length === 0 ? [] : await loader.settleAll(rows, (r) => {
      const item = { $: 'row', entity: def.id, id: String(r['id__']) } as const
      return Object.fromEntries(rest.map(([name, text]) => { const v = select.compile(text, names).evaluate(loader.scope({ item, params, input: params, record: null })); return [name, isRow(v) ? v.id : feelToJson(v)] }))
    })
    const kinds = plain.map(([name, text], n) => ({ name, from: `c${n}`, type: select.compile(text, names).type }))
    const out = rows.map((r, i) => {
      const row: Record<string, unknown> = {}
      for (const k of kinds) row[k.name] = plainValue(r[k.from], k.type)
      if (rest.length) Object.assign(row, typed[i])
      row['id'] = String(r['id__'])
      return row
    })
    for (let i = 0; i < out.length; i += BATCH) yield out.slice(i, i + BATCH)
    if (query.order?.length || rows.length < BATCH) return
    after = Number(rows.at(-1)!['id__'])
  }
}

/** SQL values as an operation reads them: ids as strings, decimals unscaled, times as ms. */
function plainValue(v: unknown, type: { kind: string; scale?: number }): unknown {
  if (v === null || v === undefined) return null
  if (type.kind === 'entity') return String(v)
  if (type.kind === 'boolean') return Number(v) === 1
  if (type.kind === 'number') return Number(v) / 10 ** (type.scale ?? 0)
  return v
}
