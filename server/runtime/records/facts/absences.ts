import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FactsContext } from './loader.ts'
import { columnAsked, type Equal } from './row-sets.ts'

interface Question { def: EntityDef; columns: string[]; values: SqlValue[] }

/** Whether an entity has no record at all with the given values: one short look per question, by the index of the first of them. */
export class Absences {
  private readonly known = new Map<string, boolean>()
  private asked = new Map<string, Question>()
  constructor(private readonly context: FactsContext) {}
  clear(): void { this.known.clear() }

  /** undefined until it has been looked up */
  get(def: EntityDef, equals: Equal[]): boolean | undefined {
    const found = equals.flatMap((e) => columnAsked(this.context, def, e) ?? [])
    const question = { def, columns: found.map((c) => c.column), values: found.map((c) => c.value) }
    const key = JSON.stringify([def.id, question.columns, question.values])
    const answer = this.known.get(key)
    if (answer === undefined) this.asked.set(key, question)
    return answer
  }

  async load(): Promise<void> {
    const asked = [...this.asked]
    this.asked = new Map()
    const { db, programme } = this.context
    for (const [key, { def, columns, values }] of asked) {
      const own = def.home === 'programme' ? ['program = ?'] : []
      // null = null holds in FEEL
      const where = [...own, ...columns.map((c, i) => (values[i] === null ? `${c} IS NULL` : `${c} = ?`))].join(' AND ') || '1 = 1'
      const params = [...(own.length ? [programme.id] : []), ...values.filter((v) => v !== null)]
      this.known.set(key, (await db.one(`SELECT 1 AS one FROM ${def.table} WHERE ${where} LIMIT 1`, params)) == null)
    }
  }
}
