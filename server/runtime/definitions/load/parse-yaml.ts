import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Node } from 'yaml'
import type { Finding, Json, SourceRef } from '../model.ts'
import { escapePointer, finding } from './doc.ts'
import type { Doc } from './doc.ts'

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json

/** YAML 1.2 core schema. Never throws: mistakes are findings, the value is what could be read. */
export const parseYaml = (file: string, text: string): { doc: Doc; findings: Finding[] } => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const ref = (offset: number): SourceRef => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: col }
  }
  const findings = document.errors.map((e) => finding(ref(e.pos[0]), 'yaml', `not YAML: ${e.message.split('\n')[0] ?? ''}`, 'check quotes, colons and indentation'))
  const at = new Map<string, SourceRef>()
  const visit = (node: Node | null | undefined, pointer: string, start?: number): void => {
    at.set(pointer, ref(start ?? node?.range?.[0] ?? 0))
    if (isSeq(node)) node.items.forEach((item, i) => visit(item as Node, `${pointer}/${i}`))
    if (!isMap(node)) return
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
      visit(pair.value as Node | null, `${pointer}/${escapePointer(key)}`, (pair.key as Node | null)?.range?.[0])
    }
  }
  visit(document.contents as Node | null, '')
  return { doc: { file, value: findings.length > 0 ? {} : plain(document.toJS()), at }, findings }
}
