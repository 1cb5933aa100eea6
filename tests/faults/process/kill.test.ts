import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { saveSet } from '#server/runtime/records/index.ts'
import { openLibrary, type Library } from '../../support/library/open-library.ts'
import type { WorkerOptions } from './worker-process.ts'

let lib: Library
beforeEach(async () => { lib = await openLibrary() })
afterEach(() => lib.close())

/** One worker in a process of its own; null = it was killed. */
const worker = (more: Partial<WorkerOptions> = {}): Promise<number | null> => new Promise((resolve, reject) => {
  const options: WorkerOptions = { url: lib.database.url, dir: lib.database.dir, root: lib.root, now: lib.clock.now(), secrets: lib.secrets, outside: join(lib.root, 'outside.txt'), ...more }
  const child = spawn(process.execPath, ['--import', 'tsx', new URL('./worker-process.ts', import.meta.url).pathname, JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit'] })
  child.on('error', reject)
  child.on('exit', (code) => resolve(code))
})

describe('kill -9', () => {
  it('in the middle of a large set loses no row and changes none twice', async () => {
    const rows = 5_200
    const west = lib.id('organisation.west')
    const { engine } = lib.house.core
    await saveSet(engine, lib.house.core.system('town'), lib.def('copy'), Array.from({ length: rows }, (_, n) => ({ data: { book: lib.id('book.far'), branch: west, shelf: n } })), { via: { kind: 'effect' } })
    const stock = await lib.create('central', 'stocktake', { name: '盘', branch: west })
    expect((await lib.press('central', 'stocktake', 'count', [stock.id])).refused).toEqual([])

    // the rows of the batch have been updated, their history is being written, nothing is committed
    expect(await worker({ dieAt: { table: 'history_sets', n: 3 } })).toBeNull()
    const table = lib.def('copy').table
    const between = (await lib.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table} WHERE checked = 1`))!.n
    expect(between).toBeGreaterThan(0)
    expect(between).toBeLessThan(rows)
    expect(await worker({ dieAt: { table: 'history_set_members', n: 4 } })).toBeNull()
    expect(await worker()).toBe(0)

    expect(await lib.read('stocktake', stock.id, 'status')).toBe('COUNTING')
    const tags = await lib.house.db.all<{ tag: string; rev: number }>(`SELECT tag, rev FROM ${table} ORDER BY tag`)
    expect(tags.map((t) => t.tag)).toEqual(Array.from({ length: rows }, (_, i) => `T${String(i + 1).padStart(5, '0')}`))
    expect(new Set(tags.map((t) => Number(t.rev)))).toEqual(new Set([3]))
    const events = await lib.house.db.one<{ n: number; records: number }>(`SELECT COUNT(*) AS n, COUNT(DISTINCT record_id) AS records FROM (
      SELECT m.record_id FROM history_set_members m JOIN history_sets s ON s.id = m.set_id WHERE s.kind = 'edit'
      UNION ALL SELECT h.record_id FROM history h WHERE h.kind = 'edit' AND h.entity IN (SELECT DISTINCT entity FROM history_sets WHERE kind = 'edit')) e`)
    expect(events).toEqual({ n: rows, records: rows })
  }, 180_000)

  it('after an outside system has answered asks it again with the same key, and takes one answer', async () => {
    const d = await lib.create('east.a', 'loan', { book: lib.id('book.atlas'), member: lib.id('member.anna') })
    await lib.press('east.a', 'loan', 'submit', [d.id])
    await lib.press('east.a', 'loan', 'approve', [d.id])
    const outside = join(lib.root, 'outside.txt')
    writeFileSync(outside, '')

    expect(await worker({ dieAfterCall: true })).toBeNull()
    expect(await lib.read('loan', d.id, 'status')).toBe('CHECK')
    // the answer is being written down
    expect(await worker({ dieAt: { table: 'history', n: 1 } })).toBeNull()
    expect(await lib.read('loan', d.id, 'status')).toBe('CHECK')
    expect(await worker()).toBe(0)

    expect(await lib.read('loan', d.id, 'status')).toBe('LENT')
    const keys = readFileSync(outside, 'utf8').trim().split('\n')
    expect(keys.length).toBe(3)
    expect(new Set(keys).size).toBe(1)
    expect((await lib.house.db.all("SELECT id FROM history WHERE kind = 'operation' AND outcome = 'done'")).length).toBe(1)
    expect(await worker()).toBe(0)
    expect(readFileSync(outside, 'utf8').trim().split('\n').length).toBe(3)
  }, 180_000)
})
