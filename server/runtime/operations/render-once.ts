import { createHash } from 'node:crypto'
import type { Files } from '../files/index.ts'
import type { OperationContext } from '../contracts.ts'

type DocumentsOf = OperationContext['documents']
const pathOf = (key: string): string => `made/${createHash('sha256').update(key).digest('hex').slice(0, 32)}`

/** Documents printed under a key are kept with it, so a job that is repeated after a crash prints only what is missing. */
export function renderOnce(files: Files, documents: DocumentsOf): DocumentsOf {
  return {
    async render(template, entity, ids, programme, each, key) {
      if (!key) return documents.render(template, entity, ids, programme, each)
      const missing: string[] = []
      for (const id of ids) {
        const [known] = await files.of(id, pathOf(key(id)))
        if (known) await each(id, { id: known.id, name: known.name, bytes: known.bytes })
        else missing.push(id)
      }
      if (missing.length === 0) return
      await documents.render(template, entity, missing, programme, async (id, file, problem) => {
        if (file) await files.attach(file.id, { entity: (await files.get(file.id)).entity ?? entity, record: id, path: pathOf(key(id)) })
        await each(id, file, problem)
      })
    },
  }
}
