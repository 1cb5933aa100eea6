import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TemplateDef } from '#server/runtime/definitions/model.ts'
import { compileTemplate, readSampleFile, type CompiledTemplate, type DocumentContext, type RenderEnv } from '#server/runtime/documents/index.ts'

const run = promisify(execFile)
const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

export const env: RenderEnv = {
  now: Date.UTC(2026, 5, 8, 2), zone: 'Asia/Shanghai', readFile: readSampleFile, site: { name: '示例平台', baseUrl: 'https://example.test' },
}

/** A template of this repository, as the loader would resolve it. */
export function shippedTemplate(family: string, name: string): { def: TemplateDef; sample: DocumentContext } {
  const folder = join('templates', family, name)
  const meta = JSON.parse(read(join(folder, 'template.json'))) as Omit<TemplateDef, 'id' | 'family' | 'html' | 'css' | 'sample' | 'file'>
  const sample = JSON.parse(read(join(folder, 'sample.json'))) as TemplateDef['sample']
  return { def: { ...meta, id: name, family, html: read(join(folder, 'template.hbs')), css: read(join(folder, 'style.css')), sample, file: join(folder, 'template.json') }, sample }
}

export function templateOf(parts: Partial<TemplateDef>): TemplateDef {
  return { id: 'test', family: 'test', title: { zh: '测试' }, kind: 'pdf', entity: 'thing', data: {}, scope: 'record', html: '', css: '', sample: {}, file: 'templates/test/test/template.json', ...parts }
}

export function compiled(def: TemplateDef): CompiledTemplate {
  const { template, findings } = compileTemplate(def)
  if (!template) throw new Error(findings.map((finding) => `${finding.file}:${finding.line} ${finding.message}`).join('\n'))
  return template
}

async function withPdf<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'certflow-test-'))
  try {
    const path = join(folder, 'document.pdf')
    await writeFile(path, bytes)
    return await use(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Text of a PDF in reading order, by pdftotext; spaces and line ends run together. */
export const textOf = (bytes: Uint8Array): Promise<string> =>
  withPdf(bytes, async (path) => (await run('pdftotext', ['-raw', path, '-'])).stdout.replace(/\s+/g, ' ').trim())

/** Width × height of each embedded picture, by pdfimages. */
export const picturesOf = (bytes: Uint8Array): Promise<string[]> => withPdf(bytes, async (path) => {
  const { stdout } = await run('pdfimages', ['-list', path])
  return stdout.trim().split('\n').slice(2).map((line) => line.trim().split(/\s+/)).map((columns) => `${columns[2]} ${columns[3]}x${columns[4]}`)
})

export const factsOf = (bytes: Uint8Array): Promise<string> => withPdf(bytes, async (path) => (await run('pdfinfo', [path])).stdout)
