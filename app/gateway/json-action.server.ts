import type { ActionFunctionArgs } from '@remix-run/node'
import type { z } from 'zod'
import type { Actor, Result, Services } from '#server/services.ts'
import { asJson, failure } from './respond.server.ts'

export interface Caller { services: Services; actor: Actor; token: string; address: string }

const readJson = async (request: Request): Promise<unknown> => {
  try {
    return await request.json()
  } catch {
    return undefined
  }
}

/** A write endpoint: session, CSRF token, checked input, one call, the Result as JSON. */
export const jsonAction = <S extends z.ZodType, T>(input: S, call: (caller: Caller, value: z.infer<S>) => Promise<Result<T>>) =>
  async ({ request, context }: ActionFunctionArgs): Promise<Response> => {
    const session = await context.session()
    if (!session) return asJson(failure(401, 'SIGNED_OUT', '登录已过期，请重新登录'))
    if (!(await context.csrfHolds(request.headers.get('x-csrf')))) return asJson(failure(403, 'CSRF', '页面已过期，请刷新后重试'))
    const parsed = input.safeParse(await readJson(request))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      return asJson(failure(400, 'INPUT_INVALID', `提交的内容不完整或格式不正确${issue ? `（${issue.path.join('.')}）` : ''}`))
    }
    return asJson(await call({ services: context.services, actor: session.actor, token: session.token, address: context.address }, parsed.data))
  }
