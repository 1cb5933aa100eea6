import { expect, it } from 'vitest'
import type { OperationContext } from '../contracts.ts'
import type { Files, StoredFile } from '../files/index.ts'
import { renderOnce } from './render-once.ts'

function world(crashAfter = Infinity) {
  const kept = new Map<string, { id: string; path: string | null; record: string }>()
  const printed: string[] = []
  const state = { crashAfter }
  const files = {
    of: async (record: string, path?: string) => [...kept.values()].filter((f) => f.record === record && f.path === path).map((f) => ({ ...f, name: `${record}.pdf`, bytes: 3 }) as unknown as StoredFile),
    get: async (id: string) => ({ ...kept.get(id)!, entity: 'library/loan' }) as unknown as StoredFile,
    attach: async (id: string, to: { record: string; path?: string | null }) => { kept.set(id, { id, record: to.record, path: to.path ?? null }) },
  } as unknown as Files
  const documents: OperationContext['documents'] = {
    async render(_t, _e, ids, _p, each) {
      for (const record of ids) {
        if (printed.length >= state.crashAfter) throw new Error('the process was killed')
        printed.push(record)
        const id = `f${printed.length}`
        kept.set(id, { id, record, path: null })
        await each(id && record, { id, name: `${record}.pdf`, bytes: 3 })
      }
    },
  }
  return { once: renderOnce(files, documents), printed, state }
}

it('a job that is repeated after a crash prints only what is missing', async () => {
  const { once, printed, state } = world(2)
  const got = new Map<string, string>()
  const run = () => once.render('t', 'loan', ['1', '2', '3'], 'p', async (id, file) => { got.set(id, file!.id) }, (id) => `step/${id}`)
  await expect(run()).rejects.toThrow('killed')
  state.crashAfter = Infinity
  await run()
  expect(printed).toEqual(['1', '2', '3'])
  expect([...got]).toEqual([['1', 'f1'], ['2', 'f2'], ['3', 'f3']])
})

it('another step of the same record is printed anew', async () => {
  const { once, printed } = world()
  for (const step of ['a', 'b']) await once.render('t', 'loan', ['1'], 'p', async () => {}, (id) => `${step}/${id}`)
  expect(printed).toEqual(['1', '1'])
})
