import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const folders = (path: string): string[] => readdirSync(join(ROOT, path), { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name)
const filesBelow = (path: string): string[] => readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' }).map((f) => join(path, f)).filter((f) => statSync(join(ROOT, f)).isFile())

/** Families and programmes but the core, which the product itself knows. */
const families = folders('seeds/families').filter((f) => f !== 'core')
const programmes = folders('seeds/programs')
const coreEntities = folders('forms/core')
const entities = [...families, ...programmes].flatMap((layer) => { try { return folders(`forms/${layer}`) } catch { return [] } }).filter((e) => !coreEntities.includes(e))

/** Titles and names in records of seeds: certificates, organisations, sites, parties. */
const namesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, v]) => (['name', 'shortName', 'zh'].includes(key) && typeof v === 'string' ? [v] : namesIn(v)))
}
const seedNames = (pattern: RegExp): string[] => filesBelow('seeds').filter((f) => pattern.test(f)).flatMap((f) => namesIn(JSON.parse(read(f))))
const proper = [...new Set([...seedNames(/(organisation|certificate|exam-site)\.json$/), ...programmes.flatMap((p) => namesIn({ title: (JSON.parse(read(`seeds/programs/${p}/program.json`)) as { title?: unknown }).title }))])].filter((n) => n.length >= 4)

const isCode = (f: string): boolean => /\.(tsx?|mjs|css)$/.test(f) && !/\.test\.tsx?$/.test(f) && !/[/](testing|fixtures|examples)[/]/.test(f)
const code = ['app', 'server'].flatMap(filesBelow).filter(isCode).map((f) => relative(ROOT, join(ROOT, f)))
// the demonstration season is a script of one programme's year, as a demo set is
const neutral = code.filter((f) => !f.startsWith('server/operations/') && !f.startsWith('server/cli/demo/'))

const quoted = (word: string): RegExp => new RegExp(`['"\`](?:[a-z-]+/)?${word.replaceAll('-', '\\-')}['"\`./]`)
const hits = (files: string[], expressions: [string, RegExp][]): string[] => files.flatMap((file) => {
  const text = read(file)
  return expressions.flatMap(([word, e]) => (e.test(text) ? [`${file}: ${word}`] : []))
})

describe('the product knows no programme', () => {
  it('is looked at with the names of the shipped definitions', () => {
    expect(programmes.length).toBeGreaterThan(0)
    expect(entities.length).toBeGreaterThan(15)
    expect(proper.length).toBeGreaterThan(5)
    expect(neutral.length).toBeGreaterThan(300)
  })
  it('names no programme, organisation or certificate in app/ or server/', () => {
    expect(hits(code.filter((f) => !f.startsWith('server/cli/demo/')), [...[...families, ...programmes].map((p): [string, RegExp] => [p, new RegExp(`\\b${p}\\b`)]), ...proper.map((p): [string, RegExp] => [p, new RegExp(p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))])])).toEqual([])
  })
  it('names no entity of a family in app/ or server/ outside operations', () => {
    // words that are also plain words of the runtime stand only for themselves
    const own = entities.filter((e) => e.includes('-') || !['major', 'standard', 'subject', 'room', 'entry', 'level', 'extension', 'order', 'course', 'notice', 'class', 'paper', 'exam', 'sitting'].includes(e))
    expect(hits(neutral, own.map((e) => [e, quoted(e)]))).toEqual([])
  })
  it('finds a name that is written', () => {
    expect(quoted('exam-plan').test("entity('exam-plan')")).toBe(true)
    expect(quoted('exam-plan').test("findEntity('alpha/exam-plan')")).toBe(true)
    expect(quoted('exam-plan').test('// an exam-plan is a record')).toBe(false)
  })
})
