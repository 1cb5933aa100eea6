import { beginUnits, claimUnits, type BegunUnits } from './units.ts'
import type { ImportRow, ImportTask, RowResult, Unit } from './task.ts'

export type { ImportRow, ImportTask, RowResult } from './task.ts'

/** Rows worked out before the transaction that stores them; `begun` is used once. */
export interface PreparedRows { rows: ImportRow[]; begun: { units: BegunUnits; holds: () => Promise<boolean> } | null }

/** Everything about a batch that only reads, so that the write lock is held for keys, quotas, numbers and rows alone. */
export async function prepareRows(task: ImportTask, rows: ImportRow[]): Promise<PreparedRows> {
  const { db } = task.engine
  if (db.inTx()) return { rows, begun: null }
  const { value, holds } = await db.observe(() => beginUnits(task, rows.filter((r) => r.errors.length === 0)))
  return { rows, begun: { units: value, holds } }
}

/** A batch of rows in one transaction, by the words of `storeRows`. */
export const importRows = async (task: ImportTask, rows: ImportRow[]): Promise<RowResult[]> => storeRows(task, await prepareRows(task, rows))

/**
 * Stores a batch in one transaction. A row with all it makes is one unit: it is stored whole or not at all, and comes back with every reason.
 * Rows that fail leave no trace on quotas and numbers: the batch is tried again without them. What was worked out before counts only
 * when all that it has read still stands.
 */
export async function storeRows(task: ImportTask, prepared: PreparedRows): Promise<RowResult[]> {
  const { rows } = prepared
  const { db } = task.engine
  return db.tx(async () => {
    const failed = new Map<number, string[]>(rows.filter((r) => r.errors.length).map((r) => [r.row, r.errors]))
    for (let pass = 0; pass < 20; pass++) {
      const attempt = rows.filter((r) => !failed.has(r.row))
      // only what is claimed has to be given back when rows fail: what is written after it stays
      const claimed = await db.savepoint(async () => {
        const all = await claimUnits((await takeBegun(task, prepared)) ?? (await beginUnits(task, attempt)))
        if (!isWhole(all.units)) throw new RowsFailed(all.units.filter((u) => u.errors.length > 0))
        return all
      }).catch((error: unknown) => { if (error instanceof RowsFailed) return error; throw error })
      if (claimed instanceof RowsFailed) { for (const u of pass < 10 ? certain(claimed.units) : claimed.units) failed.set(u.row.row, u.errors); continue }
      const { units } = claimed
      for (const u of units) if (u.errors.length > 0) failed.set(u.row.row, u.errors)
      await claimed.write()
      const done = new Map(units.map((u) => [u.row.row, u]))
      // the step may be undone and repeated: only what is committed has been seen
      db.onCommit(() => { for (const u of units) { if (u.matched && u.errors.length === 0) task.seen?.set(u.matched, u.row.row) } })
      return rows.map((r) => {
        const drafts = failed.has(r.row) ? [] : (done.get(r.row)?.drafts ?? [])
        return { row: r.row, errors: failed.get(r.row) ?? [], warnings: drafts.flatMap((d) => d.warnings.map((w) => w.message)), made: drafts.map((d) => d.id) }
      })
    }
    throw new Error(`import ${task.def.id}.${task.id}: rows keep failing each other`)
  })
}

/** What was worked out before, once and while it holds: storing changes it, so a repeated transaction works it out anew. */
async function takeBegun(task: ImportTask, prepared: PreparedRows): Promise<BegunUnits | null> {
  const { begun } = prepared
  prepared.begun = null
  // a batch before it may have named the same record since
  if (begun?.units.units.some((u) => u.matched && task.seen?.has(u.matched) && !u.errors.length)) return null
  return begun && (await begun.units.lock()) && (await begun.holds()) ? begun.units : null
}

/** Whether rows that fail have taken nothing from the others: keys, quotas and numbers are asked last and of good records alone. */
const isWhole = (units: Unit[]): boolean => units.every(leftNoTrace) && !units.some(leansOnFailed)
/** What it shares would be missing: it is asked again without the row that failed. */
const leansOnFailed = (u: Unit): boolean => u.errors.length === 0 && u.leans.some((l) => l.errors.length > 0)
const leftNoTrace = (u: Unit): boolean => u.errors.length === 0 || u.drafts.every((d) => d.problems.length > 0 && !d.problems.some((p) => /^(UNIQUE|LIMIT|NUMBER)/.test(p.code)))
/**
 * Of rows that failed, those that failed by themselves. A key or a place in a quota may have been taken by a row that goes itself:
 * such rows are asked again, quotas before keys, because a row without a place has still claimed its keys.
 */
function certain(bad: Unit[]): Unit[] {
  const contested = (u: Unit): number => {
    const first = u.drafts[0]
    if (!first || u.drafts.some((d) => d.def !== first.def) || first.problems.length === 0) return 0
    const codes = u.drafts.flatMap((d) => d.problems.map((p) => p.code))
    return codes.every((c) => c.startsWith('UNIQUE')) ? 2 : codes.every((c) => /^(UNIQUE|LIMIT)/.test(c)) ? 1 : 0
  }
  const least = Math.min(...bad.map(contested))
  return bad.filter((u) => contested(u) === least)
}
/** Undoes an attempt and says which rows to leave out. */
class RowsFailed extends Error { constructor(readonly units: Unit[]) { super('rows failed') } }
