import { afterAll, describe, expect, it } from 'vitest'
import { loadDefinitions } from '#server/runtime/definitions/index.ts'
import { checkTemplate, createDocuments, renderText, type DocumentContext } from '#server/runtime/documents/index.ts'
import { compiled, env, textOf } from './support.ts'

const documents = createDocuments()
afterAll(() => documents.close())

const { definitions } = await loadDefinitions({ roots: ['.'] })
const templates = [...new Map(Object.values(definitions.programmes).flatMap((programme) => Object.values(programme.templates)).map((def) => [def.file, def])).values()]
/** Texts of a sample that a reader must find: no references to files, no times (they are formatted), no markup. */
const shownIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(shownIn)
  if (value && typeof value === 'object') return Object.values(value).flatMap(shownIn)
  return typeof value === 'string' && !/^sample:|^\d{4}-\d\d-\d\dT|</.test(value) ? [value] : []
}
const templateText = (def: (typeof templates)[number]): string => def.html + JSON.stringify(def.sheet?.blocks ?? '')
const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '')

describe.each(templates.map((def) => [def.file, def] as const))('%s', (_file, def) => {
  it('compiles without a finding', () => {
    expect(checkTemplate(def)).toEqual([])
  })
  it('gives its sample exactly the data it declares', () => {
    expect(Object.keys(def.data).filter((name) => !Object.hasOwn(def.sample, name))).toEqual([])
    expect(Object.keys(def.sample).filter((name) => !Object.hasOwn(def.data, name))).toEqual([])
  })
  it('prints its sample with names that are hard to print, all of it readable', async () => {
    const sample = JSON.parse(JSON.stringify(def.sample).replaceAll('示例考生甲', '古丽·𠮷㛃䶮')) as DocumentContext
    if (def.kind === 'text') {
      expect(renderText(compiled(def), sample, env).text).not.toBe('')
      return
    }
    for (const type of def.kind === 'xlsx' ? ['xlsx', 'pdf'] as const : ['pdf'] as const) {
      const results = []
      for await (const result of documents.stream(compiled(def), [sample], env, type)) results.push(result)
      const [result] = results
      if (!result?.ok) throw new Error(result?.problem.message ?? 'nothing was made')
      expect(result.bytes.byteLength).toBeGreaterThan(1000)
      if (type === 'xlsx') continue
      const text = plain(await textOf(result.bytes))
      const used = Object.entries(sample).filter(([name]) => templateText(def).includes(name)).flatMap(([, value]) => shownIn(value))
      expect(used.filter((value) => !text.includes(plain(value)))).toEqual([])
    }
  })
})
