import { isUtf8 } from 'node:buffer'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Finding } from '../model.ts'
import { finding } from './doc.ts'

const PLACES = ['forms', 'workflows', 'templates', 'seeds']
const KINDS = /\.(json|ya?ml|bpmn|hbs|css)$/

const list = async (root: string, place: string): Promise<string[]> => {
  try {
    const entries = await readdir(join(root, place), { recursive: true, withFileTypes: true })
    return entries.filter((e) => e.isFile() && KINDS.test(e.name)).map((e) => relative(root, join(e.parentPath, e.name)).split(sep).join('/'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Roots that are no folders: a mistyped name must not load as "nothing defined". */
export const missingRoots = async (roots: string[]): Promise<string[]> => {
  const there = await Promise.all(roots.map(isFolder))
  return roots.filter((_, i) => there[i] === false)
}

/** Texts of all definition files by path relative to their root; a file of a later root takes the place of an earlier one. */
export const scanRoots = async (roots: string[]): Promise<{ texts: Map<string, string>; findings: Finding[] }> => {
  const found = new Map<string, Buffer>()
  for (const root of roots) {
    for (const place of PLACES) {
      const files = (await list(root, place)).sort()
      for (const file of files) found.set(file, await readFile(join(root, file)))
    }
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return {
    texts: new Map(sorted.map(([file, bytes]) => [file, bytes.toString('utf8')])),
    findings: sorted.filter(([, bytes]) => !isUtf8(bytes) || bytes.includes(0)).map(([file, bytes]) => finding({ file, line: lineOfOther(bytes) }, 'encoding', `not text in UTF-8${bytes.includes(0) ? ' (UTF-16, or no text at all)' : ' (perhaps GBK)'}`, 'save the file with the encoding UTF-8')),
  }
}

/** The line of the first byte that is not UTF-8. */
const lineOfOther = (bytes: Buffer): number => {
  const text = bytes.toString('utf8')
  const places = ['\uFFFD', '\0'].map((mark) => text.indexOf(mark)).filter((at) => at >= 0)
  return places.length === 0 ? 1 : text.slice(0, Math.min(...places)).split('\n').length
}
