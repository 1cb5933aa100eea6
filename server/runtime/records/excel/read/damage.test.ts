import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FileRefusal } from '../../archive/file-refusal.ts'
import { writeRawWorkbook } from '../fixtures/raw-workbook.ts'
import { readMergedRanges, readSheet } from './read-sheet.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'damage-')) })
afterAll(() => rm(folder, { recursive: true }))

/** Reads to the end; a refusal with a text for the person is the only way to fail. */
const survives = async (path: string): Promise<void> => {
  try {
    for await (const row of readSheet(path)) expect(row.row).toBeGreaterThanOrEqual(0)
    await readMergedRanges(path)
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    expect(error.person).toMatch(/[。]$/)
  }
}

const SHEET = '<row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><r><t>甲</t></r></is></c><c r="B2" s="1"><v>46082</v></c><c r="C2" t="b"><v>1</v></c></row>'
const STRINGS = '<si><t>张三</t></si><si><r><t>a</t></r></si>'
const STYLES = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
const piece = fc.constantFrom('<', '>', '"', '&', '&#0;', '<!--x-->', '<![CDATA[x]]>', '</row>', '</sheetData>', '<row/>', '<c', ' r="ZZZZ1"', '<?x?>', '\u0000', '</c>', '<v>', 't="z"', '9'.repeat(30))

it('survives any cut, insertion or doubling in the markup of its parts', async () => {
  let n = 0
  const damage = (text: string, at: number, remove: number, insert: string): string => text.slice(0, at % text.length) + insert + text.slice((at % text.length) + remove)
  await fc.assert(fc.asyncProperty(fc.nat(), fc.nat(30), piece, fc.constantFrom('sheet', 'strings', 'styles'), async (at, remove, insert, part) => {
    const path = await writeRawWorkbook(join(folder, `${n++}.xlsx`), {
      sheet: part === 'sheet' ? damage(SHEET, at, remove, insert) : SHEET,
      sharedStrings: part === 'strings' ? damage(STRINGS, at, remove, insert) : STRINGS,
      styles: part === 'styles' ? damage(STYLES, at, remove, insert) : STYLES,
    })
    await survives(path)
    await rm(path)
  }), { numRuns: 200 })
}, 60_000)

it('survives changed bytes anywhere in the file', async () => {
  const source = await readFile(await writeRawWorkbook(join(folder, 'whole.xlsx'), { sheet: SHEET, sharedStrings: STRINGS, styles: STYLES }))
  const path = join(folder, 'changed.xlsx')
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(source.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
    const bytes = Buffer.from(source)
    for (const [at, byte] of changes) bytes[at] = byte
    await writeFile(path, bytes)
    await survives(path)
  }), { numRuns: 200 })
}, 60_000)

it('comes to an end where the heads of the parts and the directory differ, in a file only exceljs understands', async () => {
  const source = await readFile(await writeRawWorkbook(join(folder, 'comment.xlsx'), { sheet: SHEET.replace('<c ', '<!--x--><c '), sharedStrings: STRINGS, styles: STYLES }))
  const path = join(folder, 'heads.xlsx')
  const heads = Array.from(source.keys()).filter((at) => at + 30 < source.length && source.readUInt32LE(at) === 0x04034b50)
  expect(heads).toHaveLength(7)
  // flags and compressed size: what a reader of the heads takes for the length of a part
  for (const head of heads) {
    for (const [at, value] of [[6, 0], [18, 8]] as const) {
      const bytes = Buffer.from(source)
      bytes[head + at] = value
      await writeFile(path, bytes)
      const rows = []
      for await (const row of readSheet(path)) rows.push(row.row)
      expect(rows).toEqual([1, 2])
    }
  }
}, 20_000)
