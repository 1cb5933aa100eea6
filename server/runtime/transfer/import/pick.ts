import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { factsFor, itemScope, selectVisible } from '#server/runtime/records/index.ts'
import type { Call, Problem, Result } from '../../context.ts'
import { refused, type TransferParts } from '../parts.ts'
import { findImport } from './find-import.ts'
import { checkParams, paramValues } from './params.ts'
import { importRows } from './rows.ts'

export interface Picked { done: number; made: string[]; refused: { id: string; problems: Problem[] }[] }

/** Takes chosen records into new ones: they must be visible, meet the chooser's `where`, and pass the same rules as rows of a sheet. */
export async function importPicked(parts: Pick<TransferParts, 'db' | 'core'>, call: Call, def: EntityDef, id: string, input: { params: Record<string, unknown>; ids: string[] }): Promise<Result<Picked>> {
  const found = findImport(call, def, id)
  if (!found.ok) return found
  const { spec } = found
  if (spec.kind !== 'pick') return refused('INPUT_INVALID', '此导入需要上传文件', 400)
  if (input.ids.length > spec.maxRows) return refused('TOO_LARGE', `一次最多选择 ${spec.maxRows} 条`, 413)
  const { params, problems } = await checkParams(parts.core.engine, call, spec, input.params)
  if (problems.length > 0) return refused('PARAMS_INVALID', problems)
  const from = parts.core.engine.registry.entity(call.programme.id, spec.from ?? def.id)
  const ids = [...new Set(input.ids)].filter((x) => /^\d{1,19}$/.test(x))
  const open = new Set(await choosable(parts, call, from, spec.where, paramValues(spec, params), ids))
  const rows = ids.filter((x) => open.has(x)).map((x, i) => ({ row: i + 1, id: x, values: { $: 'row' as const, entity: from.id, id: x }, errors: [] }))
  const results = await importRows({ engine: parts.core.engine, call, def, id, spec, params }, rows)
  return {
    ok: true, done: results.filter((r) => r.errors.length === 0).length, made: results.flatMap((r) => r.made),
    refused: [
      ...ids.filter((x) => !open.has(x)).map((x) => ({ id: x, problems: [{ code: 'NOT_FOUND', message: '记录不存在，或不在可选范围内' }] })),
      ...results.flatMap((r, i) => (r.errors.length ? [{ id: rows[i]!.id, problems: r.errors.map((message) => ({ code: 'ROW', message })) }] : [])),
    ],
  }
}

async function choosable(parts: Pick<TransferParts, 'db' | 'core'>, call: Call, from: EntityDef, where: string | undefined, params: ReturnType<typeof paramValues>, ids: string[]): Promise<string[]> {
  const loader = factsFor(parts.core.engine, call)
  const select = selectVisible(call, loader, from)
  if (!select || ids.length === 0) return []
  Object.assign(select.scope.names, { params, input: params, record: null })
  if (where) select.where(where, itemScope(from))
  const within = parts.db.idsIn('t.id', ids)
  return (await select.whereSql(within.sql, within.params).columnSql('id', 't.id').all<{ id: number | string }>()).map((r) => String(r.id))
}
