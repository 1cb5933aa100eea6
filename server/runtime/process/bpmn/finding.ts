import type { Finding } from '#server/runtime/definitions/model.ts'

/** Collects findings of one file. */
export interface Findings { list: Finding[]; error(line: number, code: string, message: string, fix: string): void; warn(line: number, code: string, message: string, fix: string): void }

export function findingsOf(file: string): Findings {
  const list: Finding[] = []
  return {
    list,
    error: (line, code, message, fix) => { list.push({ file, line, level: 'error', code, message, fix }) },
    warn: (line, code, message, fix) => { list.push({ file, line, level: 'warning', code, message, fix }) },
  }
}
