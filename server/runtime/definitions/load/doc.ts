import type { FindingCode } from '../codes.ts'
import type { Finding, Json, SourceRef } from '../model.ts'

/** A parsed file: its value and, per JSON pointer, where it is written. Merged documents mix several files. */
export interface Doc { file: string; value: Json; at: Map<string, SourceRef> }

export const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** The place of a pointer, else of its nearest written ancestor, else line 1 of the file. */
export const locate = (doc: Doc, pointer: string): SourceRef => {
  for (let p = pointer; ; p = p.slice(0, p.lastIndexOf('/'))) {
    const ref = doc.at.get(p)
    if (ref) return ref
    if (p === '' || !p.includes('/')) return { file: doc.file, line: 1 }
  }
}

export const finding = (ref: SourceRef, code: FindingCode, message: string, fix: string, level: Finding['level'] = 'error'): Finding =>
  ({ level, code, message, fix, file: ref.file, line: ref.line, ...(ref.column === undefined ? {} : { column: ref.column }) })

export const emptyDoc = (file: string): Doc => ({ file, value: {}, at: new Map() })

/** `file:line: what is wrong; what would be right` */
export const formatFinding = (f: Finding): string => `${f.file}:${f.line}: ${f.level} ${f.code}: ${f.message}; ${f.fix}`
