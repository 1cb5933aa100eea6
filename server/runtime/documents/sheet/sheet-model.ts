import { z } from 'zod'
import type { JsonObject } from '../../definitions/model.ts'
import type { Fields } from '../template/check-fields.ts'

const style = z.strictObject({
  bold: z.boolean().optional(),
  size: z.number().min(6).max(96).optional(),
  align: z.enum(['left', 'center', 'right']).optional(),
  border: z.boolean().optional(),
  fill: z.string().regex(/^#[0-9a-fA-F]{6}$/).optional(),
})
const cell = z.union([
  z.string().transform((text) => ({ text })),
  z.strictObject({
    text: z.string().default(''),
    span: z.number().int().min(1).optional(),
    rows: z.number().int().min(1).optional(),
    style: z.string().optional(),
    number: z.boolean().optional(),
  }),
])
const block = z.strictObject({
  each: z.string().optional(),
  across: z.number().int().min(1).max(20).default(1),
  gapColumns: z.number().int().min(0).default(0),
  gapRows: z.number().int().min(0).default(0),
  header: z.boolean().default(false),
  fill: z.boolean().default(false),
  style: z.string().optional(),
  height: z.number().min(4).max(400).optional(),
  rows: z.array(z.array(cell)).min(1),
})
const sheet = z.strictObject({
  name: z.string().default('Sheet1'),
  columns: z.array(z.number().min(1).max(200)).min(1).max(100),
  styles: z.record(z.string(), style).default({}),
  blocks: z.record(z.string(), block),
})

export type SheetStyle = z.infer<typeof style>
export type SheetBlock = z.infer<typeof block>
export type Sheet = z.infer<typeof sheet>

const parsed = new WeakMap<JsonObject, Sheet>()

/** The `sheet` of template.json, read once; throws when compileTemplate would have refused it. */
export function sheetOf(source: JsonObject | undefined): Sheet {
  if (!source) throw new Error('the template has no sheet')
  const known = parsed.get(source)
  if (known) return known
  const made = sheet.parse(source)
  parsed.set(source, made)
  return made
}

/** What is wrong with a sheet definition, as [message, fix]. */
export function sheetFaults(source: JsonObject | undefined): [string, string][] {
  if (!source) return [['an xlsx template needs a sheet', 'Add sheet {columns, blocks} to template.json']]
  const result = sheet.safeParse(source)
  if (!result.success) return result.error.issues.map((issue) => [`sheet/${issue.path.join('/')}: ${issue.message}`, 'See "Sheets" in docs/definition-language/templates.md'])
  const faults: [string, string][] = []
  for (const [id, { rows, style: blockStyle, across, gapColumns }] of Object.entries(result.data.blocks)) {
    const width = blockWidth(rows)
    const needed = across * width + (across - 1) * gapColumns
    if (needed > result.data.columns.length) faults.push([`sheet/blocks/${id} is ${needed} columns wide, the sheet ${result.data.columns.length}`, 'Add widths to columns, or lower span, across or gapColumns'])
    for (const name of [blockStyle, ...rows.flat().map((entry) => ('style' in entry ? entry.style : undefined))]) {
      if (name !== undefined && !Object.hasOwn(result.data.styles, name)) faults.push([`sheet/blocks/${id} uses the style "${name}"`, `Declare it under styles; there are ${Object.keys(result.data.styles).join(', ') || 'none'}`])
    }
  }
  return faults
}

/** Columns one item of a block takes: its widest row. Cells hanging down from an earlier row are counted by the layout. */
export const blockWidth = (rows: SheetBlock['rows']): number =>
  Math.max(...rows.map((row) => row.reduce((sum, entry) => sum + ('span' in entry ? entry.span ?? 1 : 1), 0)))

/** Every text of the sheet with the fields its place may use: those of the item inside `each`, else the document's. */
export function sheetTexts(source: JsonObject | undefined, fields: Fields): { text: string; where: string; fields: Fields }[] {
  if (!source || sheetFaults(source).length > 0) return []
  const { blocks, name } = sheetOf(source)
  const cells = Object.entries(blocks).flatMap(([id, { each, rows }]) => {
    const own = each === undefined || fields === null ? fields : fields.get(each) ?? null
    return rows.flat().map(({ text }) => ({ text, where: `sheet/blocks/${id}`, fields: own }))
  })
  return [{ text: name, where: 'sheet/name', fields }, ...cells]
}
