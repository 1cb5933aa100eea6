import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { writeRawWorkbook } from '../fixtures/raw-workbook.ts'

const ROWS = 100_000
const COLUMNS = 14
const reader = new URL('./read-sheet.ts', import.meta.url).href

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
/** One chunk for many pieces: a stream step costs more than a row. */
function* batches(pieces: Iterable<string>): Generator<Buffer> {
  let batch = ''
  for (const piece of pieces) {
    batch += piece
    if (batch.length < 1_000_000) continue
    yield Buffer.from(batch)
    batch = ''
  }
  yield Buffer.from(batch)
}
function* strings(): Generator<string> {
  yield `${HEAD}<sst xmlns="x">`
  for (let i = 0; i < ROWS * 6; i++) yield `<si><t>学生姓名与证件号码 ${i}</t></si>`
  yield '</sst>'
}
function* sheet(): Generator<string> {
  yield `${HEAD}<worksheet xmlns="x"><sheetData>`
  for (let row = 0; row < ROWS; row++) {
    let cells = ''
    for (let column = 0; column < COLUMNS; column++) cells += `<c r="${String.fromCharCode(65 + column)}${row + 1}" t="s"><v>${column < 6 ? row * 6 + column : column}</v></c>`
    yield `<row r="${row + 1}">${cells}</row>`
  }
  yield '</sheetData></worksheet>'
}

it('reads 100 000 rows of 14 columns with 600 000 distinct texts in a 32 MB heap', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memory-'))
  const path = join(folder, 'large.xlsx')
  await writeRawWorkbook(path, { sheet: '', parts: [{ name: 'xl/worksheets/sheet1.xml', source: () => Readable.from(batches(sheet())) }, { name: 'xl/sharedStrings.xml', source: () => Readable.from(batches(strings())) }] })
  const script = `import { readSheet } from ${JSON.stringify(reader)}
    let rows = 0, cells = 0, rss = 0
    for await (const row of readSheet(${JSON.stringify(path)})) { rows++; for (const c in row.cells) cells++; if (rows % 1000 === 0) rss = Math.max(rss, process.memoryUsage().rss) }
    console.log(JSON.stringify({ rows, cells, rss }))`

  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=32', '--import', 'tsx', '--input-type=module', '-e', script])

  const result = JSON.parse(stdout) as { rows: number; cells: number; rss: number }
  expect(result).toMatchObject({ rows: ROWS, cells: ROWS * COLUMNS })
  expect(result.rss / 1024 ** 2).toBeLessThan(250)
  await rm(folder, { recursive: true })
})
