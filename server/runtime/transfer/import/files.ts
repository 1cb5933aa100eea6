import type { EntityDef, FileDef, ImportDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { propertyAt } from '#server/runtime/records/index.ts'
import type { TransferParts } from '../parts.ts'
import { checkFile } from './photo.ts'
import { importRows, type ImportRow, type ImportTask, type RowResult } from './rows.ts'

/** A file of a package: its bytes, or why they cannot be had. `row` counts files from 1. */
export interface NamedFile { row: number; name: string; bytes?: Buffer; problem?: string }
interface StoredRow extends ImportRow { file: string | null; warnings: string[] }

const DAY = 86_400_000
const AT_ONCE = 4

export function fileOf(def: EntityDef, spec: ImportDef): { property: PropertyDef; file: FileDef; match: string } {
  const property = spec.setFile ? propertyAt(def, spec.setFile) : undefined
  if (!property?.file || !spec.match) throw new Error(`${def.id}: an import of an archive needs "match" and "setFile" of a file property`)
  return { property, file: property.file, match: spec.match }
}

/** `{idNo}.(jpg|png)` as a pattern of names; each name in braces becomes a group of its value. */
export function namePattern(match: string): { pattern: RegExp; paths: string[] } {
  const paths: string[] = []
  const text = match.split(/(\{[^{}]+\})/).map((part) => {
    if (part.startsWith('{')) { paths.push(part.slice(1, -1)); return '(.+?)' }
    return part.replace(/[.*+?^$[\]\\]/g, '\\$&').replace(/\(/g, '(?:')
  }).join('')
  return { pattern: new RegExp(`^${text}$`, 'iu'), paths }
}

/** Looks at each file and keeps the good ones, encrypted; a kept file goes by itself within a day unless its record takes it. */
export async function storeFiles(parts: TransferParts, task: ImportTask, files: NamedFile[]): Promise<StoredRow[]> {
  const { file, match, property } = fileOf(task.def, task.spec)
  const { pattern, paths } = namePattern(match)
  const one = async (f: NamedFile): Promise<StoredRow> => {
    const row: StoredRow = { row: f.row, values: {}, errors: [], file: null, warnings: [] }
    const groups = pattern.exec(f.name)
    if (!groups) row.errors.push(`文件名不符合要求，应命名为“${match.replace(/\{([^{}]+)\}/g, (_, p: string) => propertyAt(task.def, p)?.title.zh ?? p)}”`)
    if (f.problem) row.errors.push(f.problem)
    if (!groups || !f.bytes || row.errors.length > 0) return row
    const checked = await checkFile(task.call, file, f.name, f.bytes)
    row.warnings = checked.warnings
    row.errors.push(...checked.problems)
    if (row.errors.length > 0) return row
    const stored = await parts.files.put(checked.bytes, { kind: file.kind, name: `${property.title.zh}${f.name.slice(f.name.lastIndexOf('.'))}`, mime: checked.mime, maxBytes: file.maxBytes * 4, encrypt: true, createdBy: task.call.actor.userId, org: task.call.actor.orgId, expiresAt: task.call.now + DAY })
    row.file = stored.id
    row.values = { ...Object.fromEntries(paths.map((_, i) => [`k${i}`, groups[i + 1]!])), file: stored.id }
    return row
  }
  const out: StoredRow[] = []
  for (let i = 0; i < files.length; i += AT_ONCE) out.push(...(await Promise.all(files.slice(i, i + AT_ONCE).map(one))))
  return out
}

/** Sets the file on the record that its name and the import's key name; runs in the caller's transaction. */
export async function saveFiles(parts: TransferParts, task: ImportTask, rows: StoredRow[]): Promise<RowResult[]> {
  const { spec, def } = task
  const { paths } = namePattern(spec.match!)
  const byName: ImportDef = { ...spec, key: { ...Object.fromEntries(paths.map((p, i) => [p, `row.k${i}`])), ...spec.key }, set: { [spec.setFile!]: 'row.file' } }
  const results = await importRows({ ...task, spec: byName }, rows)
  const lost: string[] = []
  for (const [i, r] of results.entries()) {
    const { file, warnings } = rows[i]!
    r.warnings.push(...warnings)
    if (!file) continue
    if (r.errors.length > 0 || !r.made[0]) lost.push(file)
    else await parts.files.attach(file, { entity: def.id, record: r.made[0], path: spec.setFile! })
  }
  await parts.files.remove(lost)
  return results
}
