import type { ListQuery } from '#app/gateway/contracts.server.ts'

export const SIZES = [10, 20, 50] as const
const FILTER = 'f.'
const positive = (text: string | null): number | undefined => {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : undefined
}

/** The list's state from the page's address. Unknown parameters are passed over. */
export const readListQuery = (params: URLSearchParams): ListQuery & { list?: string } => {
  const filters: Record<string, string> = {}
  for (const [name, value] of params) if (name.startsWith(FILTER) && value !== '') filters[name.slice(FILTER.length)] = value
  const text = (name: string): string | undefined => params.get(name) || undefined
  const size = positive(params.get('size'))
  const [list, tab, sort, search, after, page] = [text('list'), text('tab'), text('sort'), text('q'), text('after'), positive(params.get('page'))]
  return {
    ...(list && { list }), ...(tab && { tab }), ...(Object.keys(filters).length && { filters }), ...(sort && { sort }), ...(search && { search }), ...(after && { after }), ...(page && { page }),
    ...(size && size <= 100 && { size }),
  }
}

/** The address of a list's state; the first page and empty values are left out. */
export const writeListQuery = ({ list, tab, filters, sort, search, page, size, after }: ListQuery & { list?: string | undefined }): URLSearchParams => {
  const params = new URLSearchParams()
  if (list) params.set('list', list)
  if (tab) params.set('tab', tab)
  for (const [id, value] of Object.entries(filters ?? {})) if (value !== '') params.set(FILTER + id, value)
  if (search) params.set('q', search)
  if (sort) params.set('sort', sort)
  if (page && page > 1) params.set('page', String(page))
  if (size) params.set('size', String(size))
  if (after) params.set('after', after)
  return params
}

/** What a column heading's next click asks for: up, down, none. */
export const nextSort = (current: string, column: string): string => (current === column ? `-${column}` : current === `-${column}` ? '' : column)
