import type { EntityDef } from '../runtime/definitions/index.ts'
import type { House } from '../house.ts'
import type { Call } from '../runtime/context.ts'
import { propertyAt } from '../runtime/records/index.ts'
import { checkImage, imageSpecOf } from '../runtime/files/image/index.ts'

/** A refusal while uploading, for the step's `refused`. */
export class FileRefused extends Error { constructor(readonly messages: string[]) { super(messages.join('；')) } }

/** Uploads a file for a field as the page does: kind, size and machine checks come first. */
export async function putRecordFile(house: House, call: Call, def: EntityDef, path: string, name: string, bytes: Buffer): Promise<string> {
  const p = propertyAt(def, path) ?? propertyAt(def, path.split('.')[0]!)
  const file = p?.file ?? p?.items?.file
  if (file && file.accept.length && !file.accept.some((a) => name.toLowerCase().endsWith(a.toLowerCase()))) throw new FileRefused([`只能上传 ${file.accept.join('、')} 文件`])
  if (file?.kind === 'image') {
    const checked = await checkImage(bytes, imageSpecOf(file, (policy) => call.programme.policies[policy]?.is === 'block'), name)
    if (!checked.ok) throw new FileRefused(checked.problems.map((x) => x.person))
  }
  const stored = await house.files.put(bytes, { kind: file?.kind ?? 'document', name, mime: name.endsWith('.png') ? 'image/png' : name.endsWith('.jpg') ? 'image/jpeg' : 'application/octet-stream', maxBytes: file?.maxBytes ?? 20 * 1024 * 1024, encrypt: true, entity: def.id, path, createdBy: call.actor.userId || null, org: call.actor.orgId })
  return stored.id
}
