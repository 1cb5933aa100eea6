import { readSheet } from '#server/runtime/records/excel/index.ts'
import type { Sitting } from '../../generator/index.ts'

/** Reads an exported list of seats: who sat which subject, under which ticket. `columns` name the titles; `only` keeps rows with these values. */
export async function sittingsOf(file: string, columns: Record<string, string>, only: Record<string, string>): Promise<Sitting[]> {
  const out: Sitting[] = []
  let place: Map<string, number> | undefined
  for await (const { cells } of readSheet(file)) {
    if (!place) {
      const titles = new Map(Object.entries(cells).map(([column, cell]) => [cell.text, Number(column)]))
      if (Object.values(columns).every((title) => titles.has(title))) place = titles
      continue
    }
    const at = (title: string | undefined): string => cells[place?.get(title ?? '') ?? 0]?.text ?? ''
    if (Object.entries(only).some(([title, value]) => at(title) !== value)) continue
    out.push({ ticketNo: at(columns['ticketNo']), name: at(columns['name']), subjectNo: at(columns['subjectNo']) })
  }
  if (!place) throw new Error(`${file} has no line with the columns ${Object.values(columns).join(', ')}`)
  return out
}
