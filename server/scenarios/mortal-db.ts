import type { Db, Queries, Tx } from '../data/index.ts'

/** The process died here, as far as the database can tell. */
export class Killed extends Error { constructor() { super('the process was killed') } }

export interface MortalDb { db: Db; /** dies after so many writes from now on */ arm(writes: number): void; /** lives on, whatever was armed; how many writes were made since */ disarm(): number; isDead(): boolean }

/** A database that can be made to die after some writes: the transaction at hand is rolled back and nothing works any more, as after kill -9. */
export function mortalDb(db: Db): MortalDb {
  let left = Infinity
  let made = 0
  let dead = false
  const alive = (): void => { if (dead) throw new Killed() }
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    alive()
    const value = await work()
    made++
    if (--left <= 0) { dead = true; throw new Killed() }
    return value
  }
  const queries = (q: Queries): Pick<Queries, 'all' | 'one' | 'run' | 'runEach' | 'insertMany'> => ({
    async all(sql, params, options) { alive(); return q.all(sql, params, options) },
    async one(sql, params, options) { alive(); return q.one(sql, params, options) },
    run: (sql, params) => write(() => q.run(sql, params)),
    runEach: (sql, rows) => (rows.length === 0 ? Promise.resolve({ changes: 0 }) : write(() => q.runEach(sql, rows))),
    insertMany: (table, columns, rows, options) => (rows.length === 0 ? Promise.resolve(0) : write(() => q.insertMany(table, columns, rows, options))),
  })
  const inside = <T>(fn: (t: Tx) => Promise<T>) => (t: Tx): Promise<T> => fn({ ...t, ...queries(t) })
  const mortal: Db = {
    ...db, ...queries(db),
    async tx(fn) { alive(); return db.tx(inside(fn)) },
    async savepoint(fn) { alive(); return db.savepoint(inside(fn)) },
    stream(sql, params, options) { alive(); return db.stream(sql, params, options) },
  }
  return {
    db: mortal, isDead: () => dead,
    arm(writes) { left = writes; made = 0 },
    disarm() { left = Infinity; return made },
  }
}
