import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { formatFinding, loadDefinitions, unreadable } from '../index.ts'

let root = ''
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'unreadable-')) })
afterEach(() => rm(root, { recursive: true }))

const said = async (files: Record<string, string | Buffer>): Promise<string[]> => {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
  return unreadable((await loadDefinitions({ roots: [root] })).findings).map(formatFinding)
}
const FAMILY = { 'seeds/families/lib/family.json': '{ "title": "Library" }' }
const SCHEMA = 'forms/lib/loan/schema.json'
const GOOD = '{\n  "title": "借阅",\n  "type": "object",\n  "properties": { "name": { "type": "string", "title": "名" } }\n}'
const gbk = (text: string): Buffer => Buffer.concat([Buffer.from(text.slice(0, text.indexOf('借'))), Buffer.from([0xbd, 0xe8, 0xd4, 0xc4]), Buffer.from(text.slice(text.indexOf('阅') + 1))])

it.each([
  ['empty', '', `${SCHEMA}:1: error json: the file is empty; write its JSON, or delete the file`],
  ['GBK', gbk(GOOD), `${SCHEMA}:2: error encoding: not text in UTF-8 (perhaps GBK); save the file with the encoding UTF-8`],
  ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), `${SCHEMA}:1: error encoding: not text in UTF-8 (UTF-16, or no text at all); save the file with the encoding UTF-8`],
  ['a list', '[]', `${SCHEMA}:1: error json: the file holds []; write one object with all its members`],
  ['an unfinished merge', GOOD.replace('"type": "object"', '\n<<<<<<< HEAD\n'), `${SCHEMA}:4: error json: an unfinished merge: two versions stand here; keep one of them and delete the marks <<<<<<< ======= >>>>>>>`],
  ['cut off', GOOD.slice(0, -2), `${SCHEMA}:4: error json: not JSON (CloseBraceExpected); close the object with }`],
])('a schema that is %s is said once, with its line and what would be right', async (_, content, expected) => {
  expect(await said({ ...FAMILY, [SCHEMA]: content })).toEqual([expected])
})

it('a file with a byte order mark in UTF-8 is read', async () => {
  expect(await said({ ...FAMILY, [SCHEMA]: `\ufeff${GOOD}` })).toEqual([])
})
