import { Readable } from 'node:stream'
import { writeArchive } from '../../archive/write-archive.ts'
import type { ArchiveSource } from '../../archive/write-archive.ts'
import type { ZipEntry } from '../../archive/zip-directory.ts'
import { ZipFile } from '../../archive/zip-file.ts'
import type { SheetLimits } from './limits.ts'
import { refuseDtd } from './small-xml.ts'

/** exceljs holds all texts of a workbook in memory, at several times their size */
const MAX_INFLATED = 100 * 1024 * 1024
const LONG_AGO = Date.UTC(2000, 0, 1)

/**
 * A copy of a workbook for a reader that knows no limits: every part inflated against ours and written anew, so that
 * the headers before the parts say what the central directory says. A reader that goes by the former waits for ever
 * where the two differ. Throws FileRefusal.
 */
export const copyChecked = async (path: string, target: string, limits: SheetLimits): Promise<void> => {
  const zip = await ZipFile.open(path, { ...limits, subject: 'Excel 文件', maxTotalBytes: Math.min(MAX_INFLATED, limits.maxInflatedBytes) })
  try {
    await writeArchive(target, zip.entries.filter((entry) => !entry.directory).map((entry) => partOf(zip, entry)), LONG_AGO)
  } finally {
    await zip.close()
  }
}

const partOf = (zip: ZipFile, entry: ZipEntry): ArchiveSource => ({ name: entry.name, source: () => Readable.from(withoutDtd(zip.stream(entry)), { objectMode: false }) })

async function* withoutDtd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    if (chunk.includes('<!DOCTYPE')) throw refuseDtd()
    yield chunk
  }
}
