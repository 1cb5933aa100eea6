import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Db } from '../index.ts'

let dir = ''
let db: Db
/** another connection: it sees what has been committed and nothing else */
let other: InstanceType<typeof DatabaseSync>
const committed = (): number[] => (other.prepare('SELECT id FROM t ORDER BY id').all() as { id: number }[]).map((r) => r.id)
async function open(): Promise<void> {
  dir = mkdtempSync(join(tmpdir(), 'certflow-shared-'))
  db = await openDatabase({ url: `sqlite:${join(dir, 'a.sqlite')}` })
  await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)')
  other = new DatabaseSync(join(dir, 'a.sqlite'))
}
async function close(): Promise<void> { other.close(); await db.close(); rmSync(dir, { recursive: true, force: true }) }
const insert = (id: number, body = ''): Promise<unknown> => db.run('INSERT INTO t VALUES (?, ?)', [id, body])
const many = [...Array.from({ length: 16 }).keys()]

describe('transactions that wait for each other', () => {
  beforeEach(open)
  afterEach(close)

  it('are told that they are done when others can see it, not before', async () => {
    const seen = await Promise.all(many.map(async (id) => {
      await db.tx(() => insert(id))
      return committed().includes(id)
    }))
    expect(seen).toEqual(many.map(() => true))
  })

  it('share commits: the file is not written once for each', async () => {
    const version = (): number => (other.prepare('PRAGMA data_version').get() as { data_version: number }).data_version
    const versions = new Set<number>()
    await Promise.all(many.map(async (id) => { await db.tx(() => insert(id)); versions.add(version()) }))
    expect(versions.size).toBeLessThan(many.length / 2)
  })

  it('do not take others with them when they fail', async () => {
    const told = await Promise.allSettled(many.map((id) => db.tx(async () => {
      await insert(id)
      if (id % 3 === 1) throw new Error('refused')
      if (id % 3 === 2) await db.savepoint(async () => { await insert(id + 100); throw new Error('undone') }).catch(() => undefined)
    })))
    expect(told.map((t) => t.status)).toEqual(many.map((id) => (id % 3 === 1 ? 'rejected' : 'fulfilled')))
    expect(committed()).toEqual(many.filter((id) => id % 3 !== 1))
  })

  it('see what those before them have done', async () => {
    await insert(0, '0')
    await Promise.all(many.map(() => db.tx(async () => {
      const { body } = (await db.one<{ body: string }>('SELECT body FROM t WHERE id = 0'))!
      await db.run('UPDATE t SET body = ? WHERE id = 0', [String(Number(body) + 1)])
    })))
    expect(await db.one('SELECT body FROM t WHERE id = 0')).toEqual({ body: '16' })
  })

  it('do not let hold what was observed while theirs was still to be committed', async () => {
    let goOn = (): void => undefined
    const latch = new Promise<void>((resolve) => { goOn = resolve })
    const first = db.tx(() => insert(1))
    const second = db.tx(async () => { await insert(2); await latch })
    await new Promise((resolve) => setImmediate(resolve))
    const { value, holds } = await db.observe(() => db.all('SELECT id FROM t'))
    goOn()
    await Promise.all([first, second])
    expect(value).toEqual([])
    expect(await db.tx(() => holds())).toBe(false)
  })
})

describe('whatever happens to transactions beside each other', () => {
  type Kind = 'plain' | 'throws' | 'twice' | 'inner' | 'full'
  const work: Record<Kind, (id: number) => Promise<unknown>> = {
    plain: (id) => insert(id),
    throws: async (id) => { await insert(id); throw new Error('refused') },
    twice: async (id) => { await insert(id); await insert(id) },
    inner: async (id) => { await insert(id); await db.savepoint(async () => { await insert(id + 1000); throw new Error('undone') }).catch(() => undefined) },
    full: (id) => insert(id, 'x'.repeat(4_000_000)),
  }
  it('who is told that it is done finds it there, and nothing else is there', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom<Kind>('plain', 'plain', 'plain', 'throws', 'twice', 'inner', 'full'), fc.nat(3)), { minLength: 1, maxLength: 24 }), async (steps) => {
      await open()
      try {
        // a small disk
        await db.all('SELECT 1')
        await db.tx(async () => { await db.all('PRAGMA max_page_count = 200') })
        const told = await Promise.allSettled(steps.map(async ([kind, turns], id) => {
          for (let n = 0; n < turns; n++) await new Promise((resolve) => setImmediate(resolve))
          await db.tx(() => work[kind](id))
        }))
        expect(committed()).toEqual(steps.flatMap((_, id) => (told[id]!.status === 'fulfilled' ? [id] : [])))
        // the file serves on
        await insert(9_999)
        expect(committed()).toContain(9_999)
      } finally { await close() }
    }), { numRuns: 60 })
  })
})
