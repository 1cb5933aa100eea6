import type { Finding, TemplateDef } from '../../definitions/model.ts'
import { isMargins, pageSizeOf } from '../html/page-size.ts'
import { sheetFaults } from '../sheet/sheet-model.ts'

/** template.json without its texts: kinds, paper, margins, counts, sheet. */
export function checkMeta(def: TemplateDef, file: string): Finding[] {
  const faults: [string, string][] = []
  if (def.kind === 'pdf' && def.html.trim() === '') faults.push(['a pdf template needs a text', 'Write template.hbs'])
  if (def.kind === 'text' && def.html.trim() === '') faults.push(['a text template needs a text', 'Write template.hbs'])
  if (def.kind === 'text' && def.sheet) faults.push(['a text template has no sheet', 'Remove sheet, or set kind to xlsx'])
  if (def.paper !== undefined && !pageSizeOf(def.paper)) faults.push([`paper "${def.paper}" is unknown`, 'Use A3, A4, A5, B4, B5, Letter or two lengths such as "90mm 54mm"'])
  if (def.margins !== undefined && !isMargins(def.margins)) faults.push([`margins "${def.margins}" are no lengths`, 'Write one to four lengths such as "15mm 12mm"'])
  if (def.perPage !== undefined && !(Number.isInteger(def.perPage) && def.perPage >= 1)) faults.push([`perPage ${def.perPage} is no count`, 'Use a whole number from 1'])
  if (def.kind === 'xlsx') faults.push(...sheetFaults(def.sheet))
  return faults.map(([message, fix]) => ({ file, line: 1, level: 'error', code: 'TEMPLATE_META', message, fix }))
}
