import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { columnLetters } from '../read/cell.ts'
import type { MergedRange, SheetRow } from '../read/cell.ts'
import { likeness, normaliseTitle, REASON_TITLE, ROW_TITLE } from './titles.ts'

export interface HeaderProblem {
  code: 'header-not-found' | 'missing-column' | 'renamed-column' | 'duplicated-column' | 'unknown-column' | 'merged-header' | 'more-sheets'
  /** id of the definition's column, where there is one */
  column?: string
  person: string
}

export type HeaderResult =
  | { ok: true; /** row Excel shows */ row: number; /** column id → column from 1 */ columns: Dict<number> }
  | { ok: false; problems: HeaderProblem[] }

/** titles above the table take a few rows at most */
export const HEADER_ROWS = 10
const OWN_TITLES = new Set([ROW_TITLE, REASON_TITLE])
const LIKE_ENOUGH = 0.5

interface Title { column: number; text: string; key: string }

const titlesOf = (row: SheetRow): Title[] =>
  Object.entries(row.cells)
    .map(([column, cell]) => ({ column: Number(column), text: cell.text.trim(), key: normaliseTitle(cell.text) }))
    .filter((title) => title.key !== '' && !OWN_TITLES.has(title.key))

/** The row with the most known titles; the first of equals. */
const findHeader = (rows: readonly SheetRow[], known: ReadonlySet<string>): SheetRow | undefined => {
  let best: SheetRow | undefined
  let most = 0
  for (const row of rows.filter((r) => r.row <= HEADER_ROWS)) {
    const count = new Set(titlesOf(row).map((title) => title.key).filter((key) => known.has(key))).size
    if (count <= most) continue
    most = count
    best = row
  }
  return best
}

const mergedProblems = (merges: readonly MergedRange[], header: number): HeaderProblem[] =>
  merges
    .filter((m) => m.top <= header && m.bottom >= header && (m.left !== m.right || m.top !== m.bottom))
    .map((m) => ({ code: 'merged-header', person: `表头单元格 ${columnLetters(m.left)}${m.top}:${columnLetters(m.right)}${m.bottom} 被合并，请取消合并并恢复模板的表头。` }))

/** Pairs of missing columns and unknown titles that look like them, the best pairs first. */
const renamed = (missing: readonly [string, ImportColumn][], unknown: readonly Title[]): Map<string, Title> => {
  const pairs = missing
    .flatMap(([id, column]) => unknown.map((title) => ({ id, title, like: likeness(normaliseTitle(column.title), title.key) })))
    .filter((pair) => pair.like >= LIKE_ENOUGH)
    .sort((a, b) => b.like - a.like)
  const found = new Map<string, Title>()
  for (const { id, title } of pairs) if (!found.has(id) && ![...found.values()].includes(title)) found.set(id, title)
  return found
}

/**
 * Finds the header among the first rows and the column of every title; order does not matter, stars and spaces
 * are passed over. `merges` tell merged header cells. Each problem is one of the file, to be shown before any row.
 */
export const mapHeader = (rows: readonly SheetRow[], columns: Dict<ImportColumn>, merges: readonly MergedRange[] = []): HeaderResult => {
  const byKey = new Map(Object.entries(columns).map(([id, column]) => [normaliseTitle(column.title), id]))
  const header = findHeader(rows, new Set(byKey.keys()))
  const all = Object.values(columns).map((column) => column.title).join('、')
  if (!header) return { ok: false, problems: [{ code: 'header-not-found', person: `前 ${HEADER_ROWS} 行里没有找到表头。请下载标准模板，按模板填写后再上传（模板的列：${all}）。` }] }
  const titles = titlesOf(header)
  const problems = mergedProblems(merges, header.row)
  const found: Dict<number> = {}
  for (const title of titles) {
    const id = byKey.get(title.key)
    if (id === undefined) continue
    if (Object.hasOwn(found, id)) problems.push({ code: 'duplicated-column', column: id, person: `列“${title.text}”出现了多次（${columnLetters(found[id] ?? 0)} 列和 ${columnLetters(title.column)} 列），请只保留一列。` })
    else found[id] = title.column
  }
  const missing = Object.entries(columns).filter(([id]) => !Object.hasOwn(found, id))
  const unknown = titles.filter((title) => !byKey.has(title.key))
  const likely = renamed(missing, unknown)
  for (const [id, column] of missing) {
    const title = likely.get(id)
    if (title) problems.push({ code: 'renamed-column', column: id, person: `缺少列“${column.title}”；${columnLetters(title.column)} 列的“${title.text}”可能就是它，请改回模板中的标题。` })
    else if (column.required) problems.push({ code: 'missing-column', column: id, person: `缺少列“${column.title}”，请下载标准模板，按模板填写后再上传。` })
  }
  const explained = new Set(likely.values())
  for (const title of unknown.filter((t) => !explained.has(t))) {
    problems.push({ code: 'unknown-column', person: `${columnLetters(title.column)} 列“${title.text}”不在模板中，请删除这一列。` })
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, row: header.row, columns: found }
}
