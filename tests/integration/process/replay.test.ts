import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '#server/platform/random.ts'
import { listIncidents, retryIncident, skipIncident } from '#server/runtime/process/index.ts'
import { waits } from '#server/runtime/process/core/index.ts'
import { loadInstances } from '#server/runtime/process/store/instances.store.ts'
import { saveSet, trailOf } from '#server/runtime/records/index.ts'
import { OpenRows } from '#tests/support/process/open-rows.ts'
import { replay } from '#tests/support/process/replay.ts'
import { openLibrary, type Library } from '../../support/library/open-library.ts'

const HOUR = 3_600_000
const WALKS = Number(process.env.CERTFLOW_TEST_RUNS ?? 12)
let lib: Library
let down = false
beforeAll(async () => {
  lib = await openLibrary()
  lib.operations['test/check'] = (inputs) => inputs.map(() => (down ? { ok: false, error: { code: 'DOWN', message: '对方停机' } } : { ok: true, output: { verdict: 'fine' } }))
})
afterAll(() => lib.close())

/** What may be done to a loan that stands so. */
const MOVES: Record<string, string[]> = {
  DRAFT: ['submit'], REVIEW: ['approve', 'approve', 'approve', 'approve', 'return', 'reject'], RETURNED: ['submit'], CHECK: ['drain', 'drain', 'fail', 'late'], LENT: ['giveBack', 'close', 'close', 'hold', 'edit'], OVERDUE: ['settle', 'remind'],
}

interface Loan { id: string; book: string; skips: boolean }
async function loan(n: number): Promise<Loan> {
  const { engine, system } = lib.house.core
  const [book] = await saveSet(engine, system('town'), lib.def('book'), [{ data: { name: `书${n}`, branch: lib.id('organisation.east'), kind: 'NOVEL', price: 1, lendable: true } }], { via: { kind: 'effect' } })
  const made = await lib.create('east.a', 'loan', { book: book!.id, member: lib.id(n % 2 === 0 ? 'member.anna' : 'member.ben') })
  expect(made.problems).toEqual([])
  return { id: made.id, book: book!.id, skips: n % 2 === 0 }
}

async function move(what: string, { id, book, skips }: Loan): Promise<void> {
  const { processes, system } = lib.house.core
  switch (what) {
    case 'drain': down = false; return lib.drain()
    case 'late': return lib.advance(3 * HOUR)
    case 'remind': return lib.advance(25 * HOUR)
    case 'close': await lib.edit('central', 'book', book, { closed: true }); return
    case 'edit': await lib.edit('east.a', 'loan', id, { memo: '在借' }); return
    case 'hold': expect((await lib.press('central', 'loan', 'hold', [id])).refused).toEqual([]); return
    case 'fail': {
      down = true
      await lib.drain()
      down = false
      const [incident] = await listIncidents(processes, system('town'), { record: id })
      if (incident) expect(skips ? await skipIncident(processes, system('town'), incident.id, '已电话核验') : await retryIncident(processes, system('town'), incident.id)).toEqual({ ok: true })
      return lib.drain()
    }
    default: expect((await lib.press('east.a', 'loan', what, [id], what === 'return' ? { comment: '补充' } : {})).refused, what).toEqual([])
  }
}

describe('the history of a record', () => {
  it('gives back, after every move, the marking, the variables, the status and what is open', async () => {
    const random = seededRandom(4)
    const { engine, processes } = lib.house.core
    const def = lib.def('loan')
    const kinds = new Set<string>()
    for (let n = 0; n < WALKS; n++) {
      const at = await loan(n)
      for (let turn = 0; turn < 12; turn++) {
        const [stored] = await loadInstances(engine, processes.catalogue, { def, records: [at.id] })
        const history = (await trailOf(engine, def, at.id)).reverse()
        for (const h of history) kinds.add(h.kind)
        const about = JSON.stringify(history.map((h) => [h.kind, h.element, h.outcome]))

        const again = replay(stored!.process.compiled, history, () => ({ verdict: 'fine' }))

        expect(again.state, about).toEqual(stored!.state)
        expect(again.status, about).toBe(await lib.read('loan', at.id, 'status'))
        expect(await openRows(stored!.id), about).toEqual(OpenRows.of(waits(stored!.process.compiled, again.state)).filter((r) => !r.startsWith('operation')))
        const open = MOVES[again.status ?? ''] ?? []
        if (open.length === 0) break
        await move(open[random.int(0, open.length)]!, at)
      }
    }
    expect([...kinds].sort()).toEqual(expect.arrayContaining(['condition', 'create', 'edit', 'incident', 'operation', 'outcome', 'timer']))
  }, 120_000)
})

async function openRows(instance: string): Promise<string[]> {
  const rows = async (table: string, kind: string, still: string): Promise<string[]> =>
    (await lib.house.db.all<{ token: number; element: string }>(`SELECT token, element FROM ${table} WHERE instance_id = ? AND ${still} IS NULL`, [Number(instance)])).map((r) => `${kind} ${r.token} ${r.element}`)
  return [...await rows('tasks', 'task', 'completed_at'), ...await rows('timers', 'timer', 'fired_at')].sort()
}
