import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CODES } from './codes.ts'

const HERE = new URL('.', import.meta.url).pathname
const PAGE = new URL('../../../docs/definition-language/lint.md', import.meta.url).pathname

test('every finding code is explained in the docs, and no other', async () => {
  const [tables = ''] = (await readFile(PAGE, 'utf8')).split('## Names in scope')
  const explained = [...tables.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z-]+)`/g)].map((m) => m[1]))
  expect(explained.sort()).toEqual([...CODES].sort())
})

test('every finding code can be said', async () => {
  const files = (await readdir(HERE, { recursive: true })).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && f !== 'codes.ts')
  const source = (await Promise.all(files.map((f) => readFile(join(HERE, f), 'utf8')))).join('\n')
  expect(CODES.filter((code) => !source.includes(`'${code}'`) && !code.endsWith('-undeclared'))).toEqual([])
})
