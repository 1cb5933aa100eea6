import type { ActInput, Button, ListQuery } from '#app/gateway/contracts.server.ts'

/** What a pressed button is about: a record, ticked rows, or everything a list's query finds. */
export interface Subject {
  entity: string
  ids?: string[]
  revs?: Record<string, number>
  list?: string
  query?: ListQuery
  /** the whole query is meant, not only the ids */
  all?: boolean
  count: number
  title?: string
}

/** The question before an action, with the number of records it is about. */
export const confirmText = (button: Button, subject: Subject): string | undefined => button.confirm?.replaceAll('{n}', String(subject.count))

/** The part of an act call that names its subject. */
export const subjectInput = (subject: Subject): Pick<ActInput, 'ids' | 'query' | 'revs'> => {
  if (subject.all && subject.list !== undefined) return { query: { list: subject.list, query: subject.query ?? {} } }
  return { ...(subject.ids?.length && { ids: subject.ids }), ...(subject.revs && { revs: subject.revs }) }
}

/** The part of an export or document call that names its subject: ticked rows, else the query. */
export const chosenInput = (subject: Subject): { ids?: string[]; list?: string; query?: ListQuery } =>
  subject.ids?.length && !subject.all
    ? { ids: subject.ids, ...(subject.list !== undefined && { list: subject.list }) }
    : { ...(subject.list !== undefined && { list: subject.list }), ...(subject.query && { query: subject.query }) }
