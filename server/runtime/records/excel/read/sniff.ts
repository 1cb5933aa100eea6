import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { FileRefusal } from '../../archive/file-refusal.ts'
import type { ZipEntry } from '../../archive/zip-directory.ts'

const OLE = 'd0cf11e0a1b11ae1'
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le')
const CHUNK = 1024 * 1024
const SAVE_AS = '请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”再上传。'

const contains = async (file: FileHandle, bytes: number, needle: Buffer): Promise<boolean> => {
  const buffer = Buffer.alloc(CHUNK + needle.length)
  for (let at = 0; at < bytes; at += CHUNK) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (buffer.subarray(0, bytesRead).includes(needle)) return true
  }
  return false
}

const refuseOle = (encrypted: boolean): FileRefusal =>
  encrypted
    ? new FileRefusal('encrypted', 'encrypted OOXML package', `Excel 文件设置了打开密码，无法读取。请取消密码后另存为 .xlsx 再上传。`)
    : new FileRefusal('legacy-xls', 'OLE compound file', `这是旧版 Excel 97-2003（.xls）文件。${SAVE_AS}`)

/** What the first bytes tell before the file is taken for a ZIP: old .xls, encrypted workbook, text, picture. */
export const refuseByHead = async (path: string, maxFileBytes: number): Promise<void> => {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new FileRefusal('not-found', 'no such file', '找不到 Excel 文件，请重新上传。')
  })
  try {
    const { size } = await file.stat()
    const head = Buffer.alloc(8)
    const { bytesRead } = await file.read(head, 0, 8, 0)
    if (head.toString('hex') === OLE) throw refuseOle(size <= maxFileBytes && (await contains(file, size, ENCRYPTED)))
    if (bytesRead > 0 && head.toString('latin1', 0, 2) !== 'PK') {
      throw new FileRefusal('not-zip', `starts with ${head.toString('hex', 0, bytesRead)}`, `这不是 Excel 文件（.xlsx）。仅修改扩展名无效，${SAVE_AS}`)
    }
  } finally {
    await file.close()
  }
}

/** What the list of parts tells: macros, binary workbook, another kind of document. */
export const refuseByEntries = (entries: readonly ZipEntry[]): void => {
  const names = entries.map((entry) => entry.name.toLowerCase())
  const has = (test: RegExp): boolean => names.some((name) => test.test(name))
  if (has(/(^|\/)(vbaproject\.bin|vbadata\.xml)$/) || has(/^xl\/macrosheets\//)) {
    throw new FileRefusal('macro', 'workbook contains macros', `Excel 文件含有宏，为安全起见不能导入。${SAVE_AS}`)
  }
  if (has(/^xl\/workbook\.bin$/)) throw new FileRefusal('binary-workbook', 'xlsb', `这是二进制工作簿（.xlsb）文件。${SAVE_AS}`)
  if (!has(/^\[content_types\]\.xml$/) || has(/^(word|ppt)\//)) {
    throw new FileRefusal('not-excel', 'no workbook in the package', `这不是 Excel 文件（.xlsx），而是其他类型的压缩文件或文档。${SAVE_AS}`)
  }
}
