import type { Problem, Result } from '#server/services.ts'

/** A refusal of the services, on its way to the terminal. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(readonly code: string, readonly problems: Problem[]) {
    super(problems.map((p) => [p.message, p.fix].filter(Boolean).join(' ')).join('\n') || code)
  }
}

/** What was asked for; a refusal ends the command. */
export const take = <T extends object>(result: Result<T>): T => {
  if (!result.ok) throw new Refused(result.code, result.problems)
  return result
}
