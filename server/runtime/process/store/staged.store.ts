import type { Engine } from '#server/runtime/records/index.ts'

export interface StagedRow { position: number; grp: number; data: unknown }
interface Pack { position: number; grp: number; data: string }

/** Members of a set stand many to a row: a row of its own costs more than a member. */
const PACK = 100
/** in place of a group, which every member of a pack has for itself; a row that is not packed is one member */
const PACKED = -1

/** Keeps rows of a set beside the job that works on them, one after the other from a position on. */
export async function stageRows(engine: Engine, call: string, list: string, from: number, rows: { data: unknown; grp?: number }[]): Promise<void> {
  const packs = []
  for (let i = 0; i < rows.length; i += PACK) {
    const part = rows.slice(i, i + PACK)
    packs.push([Number(call), list, from + i, PACKED, JSON.stringify({ rows: part.map((r) => r.data), ...(part.some((r) => r.grp) ? { groups: part.map((r) => r.grp ?? 0) } : {}) })])
  }
  await engine.db.insertMany('process_rows', ['call_id', 'list', 'position', 'grp', 'data'], packs)
}

function unpack({ position, grp, data }: Pack): StagedRow[] {
  const found = JSON.parse(data) as unknown
  if (Number(grp) !== PACKED) return [{ position: Number(position), grp: Number(grp), data: found }]
  const { rows, groups } = found as { rows: unknown[]; groups?: number[] }
  return rows.map((row, i) => ({ position: Number(position) + i, grp: groups?.[i] ?? 0, data: row }))
}

export async function unstage(engine: Engine, call: string, list?: string): Promise<void> {
  await engine.db.run(`DELETE FROM process_rows WHERE call_id = ?${list === undefined ? '' : ' AND list = ?'}`, list === undefined ? [Number(call)] : [Number(call), list])
}

export async function stagedCount(engine: Engine, call: string, list: string): Promise<number> {
  const last = await engine.db.one<Pack>('SELECT position, grp, data FROM process_rows WHERE call_id = ? AND list = ? ORDER BY position DESC LIMIT 1', [Number(call), list])
  return last ? unpack(last).at(-1)!.position + 1 : 0
}

/** The next rows from a position on; a group is never cut in two. */
export async function stagedRows(engine: Engine, call: string, list: string, from: number, size: number): Promise<StagedRow[]> {
  const out: StagedRow[] = []
  const isFull = (next: StagedRow): boolean => { const last = out.at(-1); return last !== undefined && out.length >= size && !(last.grp > 0 && next.grp === last.grp) }
  for (let after = from - PACK; ;) {
    const packs = await engine.db.all<Pack>(`SELECT position, grp, data FROM process_rows WHERE call_id = ? AND list = ? AND position > ? ORDER BY position LIMIT ${Math.ceil(Math.max(1, size) / PACK) + 1}`, [Number(call), list, after])
    for (const row of packs.flatMap(unpack)) {
      if (row.position < from) continue
      if (isFull(row)) return out
      out.push(row)
    }
    const last = packs.at(-1)
    if (!last) return out
    after = Number(last.position)
  }
}
