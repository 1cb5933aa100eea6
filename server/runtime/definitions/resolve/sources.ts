import type { Doc } from '../load/doc.ts'

export type Artefact = `schema:${string}` | `form:${string}` | `input:${string}` | `template:${string}` | `file:${string}` | 'roles' | 'manifest' | 'texts'

/** The merged documents behind a programme's definitions, for `file:line`; not part of the definitions themselves. */
export class Sources {
  private readonly docs = new Map<string, Doc>()
  add(programme: string, artefact: Artefact, doc: Doc): void { this.docs.set(`${programme}\n${artefact}`, doc) }
  get(programme: string, artefact: Artefact): Doc | undefined { return this.docs.get(`${programme}\n${artefact}`) }
}

/** One document that knows the places of several layered ones; the later writes win. */
export const joinDocs = (docs: Doc[], value: Doc['value'] = {}): Doc => {
  const at: Doc['at'] = new Map()
  for (const doc of docs) for (const [pointer, ref] of doc.at) at.set(pointer, ref)
  return { file: docs.at(-1)?.file ?? '', value, at }
}
