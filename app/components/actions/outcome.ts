import type { Problem } from '#app/gateway/contracts.server.ts'

/** What came of an action on one or many records. */
export interface Outcome {
  done: number
  refused: { id: string; title: string; problems: Problem[] }[]
  job?: string
  made?: number
  /** there was one already */
  skipped?: number
  go?: string
  /** the record is out of the person's sight now */
  gone?: true
  secret?: string
  /** told about records that were taken all the same */
  warned?: { reason: string; count: number }[]
}

/** Is there more to say than "done"? */
export const needsPanel = (outcome: Outcome): boolean => outcome.refused.length > 0 || Boolean(outcome.warned?.length) || Boolean(outcome.secret) || outcome.made !== undefined

/** The refused rows as a CSV that spreadsheets open as text: UTF-8 with BOM, cells that start a formula are quoted away. */
export const refusedCsv = (outcome: Outcome, head: [string, string]): string => {
  const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`
  const lines = outcome.refused.map((row) => [row.title, row.problems.map((problem) => problem.message).join('；')])
  return `\ufeff${[head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}
