import { STATUS_CODES } from 'node:http'
import { isAppError } from '#server/platform/errors.ts'
import type { Problem, Reply, Result } from '#server/services.ts'

/** RFC 9457, with every reason at its place. */
export interface ProblemDocument { type: string; title: string; status: number; detail: string; code: string; problems: Problem[] }
export type { Reply }

export const problem = (status: number, code: string, problems: string | Problem[], more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Reply => {
  const list = typeof problems === 'string' ? [{ code, message: problems }] : problems
  const body: ProblemDocument = {
    type: `urn:certflow:problem:${code.toLowerCase().replaceAll('_', '-')}`, title: STATUS_CODES[status] ?? 'Error', status, detail: list.map((p) => p.message).join('；'), code,
    problems: list.map(({ code: c, message, path, fix }) => ({ code: c, message, ...(path ? { path } : {}), ...(fix ? { fix } : {}) })),
  }
  return { status, body: { ...body, ...more }, headers: { 'Content-Type': 'application/problem+json; charset=utf-8', ...headers } }
}

type Refused = Extract<Result<object>, { ok: false }>
const STATUS: Record<string, number> = { NOT_FOUND: 404, FORBIDDEN: 403, CONFLICT: 409, NOT_AVAILABLE: 409 }
/** An expected "no" of the services. */
export const ofRefusal = ({ status, code, problems }: Refused): Reply => problem(STATUS[code] ?? status, code, problems)

/** Why a button or a deletion was refused for one record. */
export const ofProblems = (problems: Problem[], more: Record<string, unknown> = {}): Reply => {
  const code = problems[0]?.code ?? 'NOT_AVAILABLE'
  return problem(STATUS[code] ?? 422, code, problems, more)
}

const BODY: Record<string, [number, string, string]> = {
  'entity.parse.failed': [400, 'JSON_INVALID', '请求体不是有效的 JSON'],
  'entity.too.large': [413, 'BODY_TOO_LARGE', '请求体超过上限'],
  'charset.unsupported': [415, 'CHARSET_UNSUPPORTED', '请求体应使用 UTF-8 编码'],
  'encoding.unsupported': [415, 'ENCODING_UNSUPPORTED', '不支持此压缩方式'],
  'request.size.invalid': [400, 'BODY_INCOMPLETE', '请求体不完整'],
  'request.aborted': [400, 'BODY_INCOMPLETE', '请求体不完整'],
}
/** Anything thrown, without what only the log may know. */
export const ofError = (error: unknown, reference: string): Reply => {
  if (isAppError(error) && error.status < 500) return problem(error.status, error.code, [{ code: error.code, message: error.person }])
  if (isAppError(error) && error.status === 503) return problem(503, error.code, [{ code: error.code, message: error.person }], {}, { 'Retry-After': '2' })
  const { type, status } = (error ?? {}) as { type?: string; status?: number }
  const body = type ? BODY[type] : undefined
  if (body) return problem(...body)
  if (typeof status === 'number' && status >= 400 && status < 500) return problem(status, 'REQUEST_INVALID', '请求的格式不正确')
  return problem(500, 'INTERNAL', `系统出现意外错误，请稍后重试；如仍出现，请把编号 ${reference} 告知管理员`, { reference })
}
