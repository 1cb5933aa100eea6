import { columnLetters } from '../read/cell.ts'
import { cellText, sheetName, widthOf } from './cell-text.ts'
import type { WriteColumn } from './sheet-spec.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const WIDEST = 60
const HEADER_HEIGHT = 22

const quoted = (text: string): string => cellText(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`).replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
const link = (id: string, type: string, target: string): string => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`
const links = (items: readonly string[]): string => `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`
const pathOf = (n: number): string => `worksheets/sheet${n}.xml`

/** Styles of cells, by their place in the style sheet. */
export const GENERAL = 0
const HEADER = 1
export const TEXT = 2
const REMARK = 3
const FIRST = 4

/** Number formats of columns; each gets a style of its own. */
export class Formats {
  readonly #formats: string[] = []
  /** The style of a column's cells. */
  of(column: WriteColumn): number {
    if (column.kind === undefined || column.kind === 'text' || column.kind === 'given') return TEXT
    if (column.kind === 'remark') return REMARK
    const format = column.kind === 'date' ? 'yyyy-mm-dd' : column.scale ? `0.${'0'.repeat(column.scale)}` : '0.######'
    const known = this.#formats.indexOf(format)
    return FIRST + (known >= 0 ? known : this.#formats.push(format) - 1)
  }
  /** The part styles.xml. */
  xml(): string {
    const own = this.#formats.map((format, n) => `<numFmt numFmtId="${164 + n}" formatCode="${quoted(format)}"/>`)
    const cells = [
      '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
      '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>',
      '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
      '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>',
      ...own.map((_, n) => `<xf numFmtId="${164 + n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`),
    ]
    const font = (colour = 'FF000000', bold = ''): string => `<font>${bold}<sz val="11"/><color rgb="${colour}"/><name val="Calibri"/><family val="2"/></font>`
    return [
      `${HEAD}<styleSheet xmlns="${MAIN}">`, own.length ? `<numFmts count="${own.length}">${own.join('')}</numFmts>` : '',
      `<fonts count="3">${font()}${font(undefined, '<b/>')}${font('FFC00000')}</fonts>`,
      '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF7"/></patternFill></fill></fills>',
      '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF9AA5B8"/></bottom><diagonal/></border></borders>',
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>`,
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    ].join('')
  }
}

/** A sheet up to and with its frozen header row. Columns keep their style below the rows too, where people type. */
export const sheetHead = (columns: readonly WriteColumn[], formats: Formats, isFirst: boolean): string => {
  const width = (c: WriteColumn): number => Math.min(WIDEST, c.width ?? Math.max(12, widthOf(c.title) + 4))
  const style = (c: WriteColumn): string => (c.kind === 'number' ? '' : ` style="${formats.of(c)}"`)
  const cols = columns.map((c, n) => `<col min="${n + 1}" max="${n + 1}" width="${width(c)}"${style(c)} customWidth="1"/>`)
  const titles = columns.map((c, n) => (c.title === '' ? '' : `<c r="${columnLetters(n + 1)}1" s="${HEADER}" t="inlineStr"><is><t xml:space="preserve">${quoted(c.title)}</t></is></c>`))
  return [
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${isFirst ? ' tabSelected="1"' : ''} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>`,
    '<sheetFormatPr defaultRowHeight="15"/>', cols.length ? `<cols>${cols.join('')}</cols>` : '',
    `<sheetData><row r="1" ht="${HEADER_HEIGHT}" customHeight="1">${titles.join('')}</row>`,
  ].join('')
}
export const SHEET_END = '</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
export const sheetPath = (n: number): string => `xl/${pathOf(n)}`

/** Names of sheets differ: from the second on they carry their number. */
const nameOf = (title: string, n: number): string => (n === 1 ? sheetName(title) : `${sheetName(title).slice(0, 25)} (${n})`)

export const PACKAGE_LINKS = { name: '_rels/.rels', text: links([link('rId1', `${OFFICE}/officeDocument`, 'xl/workbook.xml'), link('rId2', `${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml')]) }

/** All parts beside the sheets, once their number is known. */
export const bookParts = (title: string, sheets: number, formats: Formats, at: number): { name: string; text: string }[] => {
  const all = Array.from({ length: sheets }, (_, n) => n + 1)
  const stamp = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
  return [
    { name: 'xl/styles.xml', text: formats.xml() },
    { name: 'xl/workbook.xml', text: `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${all.map((n) => `<sheet name="${quoted(nameOf(title, n))}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>` },
    { name: 'xl/_rels/workbook.xml.rels', text: links([...all.map((n) => link(`rId${n}`, `${OFFICE}/worksheet`, pathOf(n))), link(`rId${sheets + 1}`, `${OFFICE}/styles`, 'styles.xml')]) },
    { name: 'docProps/core.xml', text: `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dcterms:created xsi:type="dcterms:W3CDTF">${stamp}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${stamp}</dcterms:modified></cp:coreProperties>` },
    {
      name: '[Content_Types].xml',
      text: `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${all.map((n) => `<Override PartName="/xl/${pathOf(n)}" ContentType="${TYPES}.worksheet+xml"/>`).join('')}<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`,
    },
  ]
}
