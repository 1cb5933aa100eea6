import type { Request } from 'express'
import { problem, type Reply } from './problem.ts'

export const etagOf = (rev: number): string => `"${rev}"`

/** The revision named by If-Match, null without the header. A proxy that compresses marks it weak (W/"3"): it is the same revision. */
export function givenRev(req: Request): number | null | Reply {
  const header = req.get('if-match')
  if (header === undefined) return null
  const rev = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1]
  return rev === undefined ? problem(412, 'REV_INVALID', `If-Match 应为读取该记录时得到的 ETag，例如 "3"；收到 ${header.slice(0, 40)}`) : Number(rev)
}
export const stale = (rev: number): Reply => problem(412, 'REV_STALE', '记录已被他人修改，请重新读取后再提交', { rev }, { ETag: etagOf(rev) })
export const missing = (): Reply => problem(428, 'REV_REQUIRED', '请在 If-Match 中给出读取该记录时得到的 ETag')
