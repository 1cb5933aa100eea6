import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Stack traces of compiled files name the sources. A map is read when the first error that passes its file is shown:
 * what Node does by itself reads all of them at each start.
 * `folder` = URL of the folder of the compiled files.
 */
export function traceToSources(folder: string): void {
  const maps = new Map<string, SourceMap | null>()
  const mapOf = (file: string): SourceMap | null => {
    let map = maps.get(file)
    if (map === undefined) maps.set(file, (map = readMap(file)))
    return map
  }
  const shown = (site: NodeJS.CallSite): string => {
    const text = String(site)
    const file = site.getFileName()
    const [line, column] = [site.getLineNumber(), site.getColumnNumber()]
    if (!file?.startsWith(folder) || line === null || column === null) return text
    const found = mapOf(file)?.findEntry(line - 1, column - 1)
    if (!found || !('originalSource' in found)) return text
    const source = join(dirname(fileURLToPath(file)), found.originalSource)
    return text.replace(`${file}:${line}:${column}`, `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`)
  }
  Error.prepareStackTrace = (error, sites) => [String(error), ...sites.map((s) => `    at ${shown(s)}`)].join('\n')
}

function readMap(file: string): SourceMap | null {
  try { return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')) as SourceMapPayload) }
  // an error is being told: that its map is missing must not hide it
  catch { return null }
}
