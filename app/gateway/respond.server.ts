import type { AppLoadContext } from '@remix-run/node'
import type { Result } from '#server/services.ts'

export type Failure = Extract<Result<object>, { ok: false }>

export const failure = (status: number, code: string, message: string): Failure => ({ ok: false, code, status, problems: [{ code, message }] })

/** The value of a result, or the error page of its refusal. The number helps people to report it. */
export const orErrorPage = <T>(result: Result<T>, context: AppLoadContext): { ok: true } & T => {
  if (result.ok) return result
  throw Response.json({ message: result.problems.map((problem) => problem.message).join('；'), id: context.requestId }, { status: result.status })
}

/** A result as JSON with its own status. */
export const asJson = <T>(result: Result<T>): Response => Response.json(result, { status: result.ok ? 200 : result.status, headers: { 'Cache-Control': 'no-store' } })
