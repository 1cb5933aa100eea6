import { basename, extname } from 'node:path'
import type { FileDef } from '#server/runtime/definitions/index.ts'
import { checkImage, imageSpecOf, reencode } from '#server/runtime/files/image/index.ts'
import { sizeText } from '#server/runtime/records/archive/index.ts'
import { forceOf } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'

export interface CheckedFile { problems: string[]; warnings: string[]; bytes: Buffer; mime: string }
const MIME: Record<string, string> = { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.pdf': 'application/pdf', '.zip': 'application/zip' }

/** What machines can see of a file, with the force each check's policy has today; a good picture comes back without metadata. */
export async function checkFile(call: Call, file: FileDef, name: string, bytes: Buffer): Promise<CheckedFile> {
  const extension = extname(name).toLowerCase()
  const mime = MIME[extension] ?? 'application/octet-stream'
  if (file.kind !== 'image') {
    const problems: string[] = []
    if (file.accept.length > 0 && !file.accept.includes(extension)) problems.push(`文件类型不符，只能上传 ${file.accept.join('、')} 文件。`)
    if (bytes.length > file.maxBytes) problems.push(`文件大小为 ${sizeText(bytes.length)}，超过上限 ${sizeText(file.maxBytes)}。`)
    return { problems, warnings: [], bytes, mime }
  }
  const force = (wanted: 'warn' | 'block') => (policy: string) => forceOf(call.programme, policy, call.now) === wanted
  const hard = await checkImage(bytes, imageSpecOf(file, force('block')), basename(name))
  if (!hard.ok) return { problems: hard.problems.map((p) => p.person), warnings: [], bytes, mime }
  const soft = Object.values(file.check).some((c) => c.policy && force('warn')(c.policy)) ? await checkImage(bytes, imageSpecOf(file, force('warn')), basename(name)) : null
  const format = hard.format === 'png' ? 'png' : 'jpg'
  return { problems: [], warnings: soft?.problems.map((p) => p.person) ?? [], bytes: await reencode(bytes, { format: hard.format! }), mime: MIME[`.${format}`]! }
}
