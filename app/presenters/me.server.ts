import type { Actor, Cell, ListRow, ListView, Services } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'

const MAX_LISTS = 6
const ROWS = 5
interface MeRow { title: string; details: string[]; state: string; href: string }
interface MeList { title: string; href: string; total: number; rows: MeRow[] }

const flat = (cell: Cell | Cell[] | undefined): Cell[] => (Array.isArray(cell) ? cell : cell ? [cell] : [])

/** A row of a list as one line of a phone: title, two details, state. */
const toRow = (row: ListRow, columns: ListView['columns'], zone: string): MeRow => {
  const cells = columns.flatMap((column) => flat(row.cells[column.id])).filter((cell) => cell.text && cell.kind !== 'image')
  const texts = cells.filter((cell) => cell.kind !== 'state').map((cell) => (cell.kind === 'date-time' ? formatTime(cell.text, zone) : cell.text))
  return { title: texts[0] ?? row.id, details: texts.slice(1, 3), state: cells.find((cell) => cell.kind === 'state')?.text ?? '', href: row.href }
}

/** `/l/<family>/<entity>?list=<id>` of a menu entry; null for any other address. */
const listOf = (href: string): { entity: string; list: string | undefined } | null => {
  const match = /^\/l\/([\w-]+\/[\w-]+)(?:\?(.*))?$/.exec(href)
  return match?.[1] ? { entity: match[1], list: new URLSearchParams(match[2] ?? '').get('list') ?? undefined } : null
}

/** The start page of somebody with few things to do: to-dos, then the own lists as cards. */
export const presentMe = async (services: Services, actor: Actor) => {
  const [shell, tasks] = await Promise.all([services.shell(actor), services.tasks(actor, { size: 5 })])
  const items = shell.menu.flatMap((group) => group.items).slice(0, MAX_LISTS)
  const lists = await Promise.all(items.map(async (item): Promise<MeList | null> => {
    const at = listOf(item.href)
    if (!at) return null
    const result = await services.list(actor, at.entity, at.list, { size: ROWS })
    if (!result.ok) return null
    const { view } = result
    return { title: item.title, href: item.href, total: view.total, rows: view.rows.map((row) => toRow(row, view.columns, shell.zone)) }
  }))
  return {
    name: actor.name,
    orgName: actor.orgName,
    portalTitle: shell.portalTitle,
    tasks: tasks.items.map((task) => ({ id: task.id, what: task.what, title: task.title, href: task.href, due: task.due ? formatTime(task.due, shell.zone) : task.status })),
    lists: lists.filter((list): list is MeList => list !== null),
  }
}
