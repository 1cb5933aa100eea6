import { posix } from 'node:path'
import { FileRefusal } from '../../archive/file-refusal.ts'
import type { ZipEntry } from '../../archive/zip-directory.ts'
import { ZipFile } from '../../archive/zip-file.ts'
import type { SheetLimits } from './limits.ts'
import { NotUnderstood } from './not-understood.ts'
import { eachElement, refuseCorrupt } from './small-xml.ts'
import { refuseByEntries, refuseByHead } from './sniff.ts'

export interface SheetInfo { name: string; hidden: boolean; part: ZipEntry }
export interface Workbook {
  zip: ZipFile
  sheets: SheetInfo[]
  strings?: ZipEntry
  styles?: ZipEntry
  date1904: boolean
}

const SMALL_PART = 16 * 1024 * 1024

/** Relationships of a part: id → target part name, and type suffix → target. */
const relations = async (zip: ZipFile, part: string): Promise<{ byId: Map<string, string>; byType: Map<string, string> }> => {
  const byId = new Map<string, string>()
  const byType = new Map<string, string>()
  const folder = posix.dirname(part)
  const entry = zip.find(posix.join(folder, '_rels', `${posix.basename(part)}.rels`))
  if (!entry) return { byId, byType }
  eachElement(await zip.read(entry, SMALL_PART), (name, attributes) => {
    if (name !== 'Relationship' || attributes.TargetMode === 'External') return
    const target = attributes.Target ?? ''
    const full = target.startsWith('/') ? target.slice(1) : posix.join(folder, target)
    byId.set(attributes.Id ?? '', full)
    byType.set((attributes.Type ?? '').split('/').at(-1) ?? '', full)
  })
  return { byId, byType }
}

const readWorkbook = async (zip: ZipFile): Promise<Workbook> => {
  const root = await relations(zip, '')
  const part = root.byType.get('officeDocument') ?? 'xl/workbook.xml'
  const entry = zip.find(part)
  if (!entry) throw new NotUnderstood('no workbook part')
  const links = await relations(zip, part)
  const sheets: SheetInfo[] = []
  let date1904 = false
  eachElement(await zip.read(entry, SMALL_PART), (name, attributes) => {
    if (name === 'workbookPr') date1904 = attributes.date1904 === '1' || attributes.date1904 === 'true'
    if (name !== 'sheet') return
    const target = zip.find(links.byId.get(attributes.id ?? '') ?? '')
    if (target) sheets.push({ name: attributes.name ?? '', hidden: (attributes.state ?? 'visible') !== 'visible', part: target })
  })
  const strings = zip.find(links.byType.get('sharedStrings') ?? '')
  const styles = zip.find(links.byType.get('styles') ?? '')
  return { zip, sheets, date1904, ...(strings ? { strings } : {}), ...(styles ? { styles } : {}) }
}

/** Opens an .xlsx; the caller closes `zip`. Throws FileRefusal for everything that is no readable workbook. */
export const openWorkbook = async (path: string, limits: SheetLimits): Promise<Workbook> => {
  await refuseByHead(path, limits.maxFileBytes)
  const zip = await ZipFile.open(path, {
    subject: 'Excel 文件', maxFileBytes: limits.maxFileBytes, maxEntries: limits.maxEntries, maxTotalBytes: limits.maxInflatedBytes, maxRatio: limits.maxRatio,
  })
  try {
    refuseByEntries(zip.entries)
    return await readWorkbook(zip)
  } catch (error) {
    await zip.close()
    throw error
  }
}

/** The sheet by name, or the first that people see. */
export const chooseSheet = (workbook: Workbook, name: string | undefined): SheetInfo => {
  const sheet = name === undefined ? (workbook.sheets.find((s) => !s.hidden) ?? workbook.sheets[0]) : workbook.sheets.find((s) => s.name === name)
  if (sheet) return sheet
  if (name === undefined) throw refuseCorrupt('workbook has no worksheet')
  throw new FileRefusal('no-sheet', 'sheet not found', `Excel 文件里没有名为“${name}”的工作表，请使用标准模板填写后再上传。`)
}
