import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { readSheet, writeSheet } from '../../runtime/records/excel/index.ts'
import type { JsonObject, ScenarioStep } from '../../runtime/definitions/index.ts'
import type { StoredFile } from '../../services.ts'
import type { Outcome } from '../expect.ts'
import { sampleBytes } from '../sample-files.ts'
import { entityOf, resolve, type World } from '../world.ts'
import { named, personOf, refusal, servicesOf } from './ask.ts'

async function inFolder<T>(run: (path: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'certflow-sheet-'))
  try { return await run(join(dir, 'sheet.xlsx')) } finally { await rm(dir, { recursive: true, force: true }) }
}
export async function bytesOf(file: StoredFile): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of await file.open()) parts.push(Buffer.from(part as Uint8Array))
  return Buffer.concat(parts)
}
/** Rows of the first sheet as texts. */
export const readRows = (bytes: Buffer): Promise<string[][]> => inFolder(async (path) => {
  await writeFile(path, bytes)
  const out: string[][] = []
  for await (const row of readSheet(path)) out.push(Object.values(row.cells).map((c) => c.text))
  return out
})

/** The template that an import hands out: its header and what its dialog says. */
export async function template(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.template))
  const def = entityOf(w, entity)
  const shown = await servicesOf(w).imports.describe(personOf(w), def.id, id ?? '')
  if (!shown.ok) return refusal(shown)
  const { view } = shown
  const said = { text: [view.title, ...view.notes].join(' '), accept: view.accept, fields: Object.values((view.params?.schema['properties'] ?? {}) as Record<string, { title: string }>).map((p) => p.title) }
  if (view.kind !== 'sheet') return said
  const made = await servicesOf(w).imports.template(personOf(w), def.id, id ?? '')
  if (!made.ok) return refusal(made)
  const rows = await readRows(await bytesOf(made.file))
  return { ...said, columns: rows[0] ?? [], files: [made.file.name] }
}

async function sheetOf(rows: JsonObject[], at: number): Promise<Buffer> {
  const columns = [...new Set(rows.flatMap((r) => Object.keys(r)))]
  return inFolder(async (path) => {
    await writeSheet(createWriteStream(path), { title: '导入', columns: columns.map((title) => ({ title })), rows: rows.map((r) => columns.map((c) => (r[c] === undefined || r[c] === null ? null : String(r[c])))), at })
    return readFile(path)
  })
}

/** An archive of sample files by their names in it. */
async function archiveOf(files: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, sample] of Object.entries(files)) zip.addBuffer((await sampleBytes(sample.replace(/^file:/, ''))).bytes, name)
  zip.end()
  return buffer(zip.outputStream)
}

/** The whole way of an import: a workbook (`rows`) or an archive (`files`) is uploaded, its job runs, its record and the file of its failed rows are read as the page shows them. */
export async function upload(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.upload))
  const def = entityOf(w, entity)
  const services = servicesOf(w)
  const person = personOf(w)
  const files = step.raw['files'] as Record<string, string> | undefined
  const bytes = files ? await archiveOf(files) : await sheetOf((await resolve(w, step.rows ?? [])) as JsonObject[], w.clock.now())
  const stored = await services.files.put(person, { name: step.file ?? (files ? '导入.zip' : '导入.xlsx'), purpose: 'import' }, Readable.from([bytes]))
  if (!stored.ok) return refusal(stored)
  const started = await services.imports.start(person, def.id, id ?? '', { file: stored.id, params: (await resolve(w, step.params ?? {})) as JsonObject })
  if (!started.ok) return refusal(started)
  await w.drain()
  const job = await services.jobs.get(person, started.job)
  if (job.ok && job.job.problem) return { refused: job.job.problem.message.split('\n') }
  return importRecord(w, def.id)
}

/** The newest record of an entity's imports that the person sees. */
async function importRecord(w: World, entity: string): Promise<Outcome> {
  const services = servicesOf(w)
  const found = await services.imports.records(personOf(w), entity, {})
  if (!found.ok) return refusal(found)
  const [last] = found.items
  const failed = last?.failedFile ? await services.files.get(personOf(w), last.failedFile) : null
  const rows = failed?.ok ? await readRows(await bytesOf(failed.file)) : []
  return {
    count: found.total, rows: found.items.map((i) => ({ 导入: i.title, 导入人: i.who, 角色: i.role, 导入时间: i.at, 成功条数: i.ok, 失败条数: i.failed, 失败数据: i.failedFile !== undefined })),
    ...(last ? { ok: last.ok, failed: last.failed } : {}), columns: rows[0] ?? [], text: rows.slice(1).flat().join(' '),
  }
}
/** 导入记录 of an entity. */
export const records = (w: World, step: ScenarioStep): Promise<Outcome> => importRecord(w, entityOf(w, String(step.target.records)).id)
