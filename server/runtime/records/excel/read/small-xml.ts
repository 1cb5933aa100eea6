import { SaxesParser } from 'saxes'
import { FileRefusal } from '../../archive/file-refusal.ts'

export const refuseDtd = (): FileRefusal =>
  new FileRefusal('dtd', 'document type declaration', 'Excel 文件里含有不允许的内容（DTD 声明）。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。')

export const refuseCorrupt = (what: string): FileRefusal =>
  new FileRefusal('corrupt', what, 'Excel 文件已损坏，无法读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。')

/** Visits every element of a small part: local names, attributes by local name, local names of the ancestors. */
export const eachElement = (xml: Buffer, visit: (name: string, attributes: Readonly<Record<string, string>>, path: readonly string[]) => void): void => {
  const parser = new SaxesParser({ xmlns: true })
  const path: string[] = []
  parser.on('doctype', () => { throw refuseDtd() })
  parser.on('error', (error) => { throw refuseCorrupt(`part is not well-formed: ${error.message}`) })
  parser.on('opentag', (tag) => {
    visit(tag.local, Object.fromEntries(Object.values(tag.attributes).map((a) => [a.local, a.value])), path)
    path.push(tag.local)
  })
  parser.on('closetag', () => { path.pop() })
  parser.write(xml.toString('utf8').replace(/^\uFEFF/, '')).close()
}
