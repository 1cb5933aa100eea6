import { getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Node, ParseError } from 'jsonc-parser'
import type { Finding, Json, SourceRef } from '../model.ts'
import { escapePointer, finding } from './doc.ts'
import type { Doc } from './doc.ts'
import { positions } from './positions.ts'

const WORDS: Record<string, string> = {
  InvalidCommentToken: 'comments are not JSON; put the remark into "$comment"',
  CommaExpected: 'put a comma between two members',
  PropertyNameExpected: 'remove the trailing comma or write a "name"',
  ValueExpected: 'write a value here',
  ColonExpected: 'write name: value',
  CloseBraceExpected: 'close the object with }',
  CloseBracketExpected: 'close the list with ]',
  EndOfFileExpected: 'remove what follows the last }',
  UnexpectedEndOfString: 'close the string with "',
}

/** Strict JSON. Never throws: mistakes are findings, the value is what could be read. */
export const parseJson = (file: string, text: string): { doc: Doc; findings: Finding[] } => {
  const errors: ParseError[] = []
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  if (source.trim() === '') return { doc: { file, value: {}, at: new Map() }, findings: [finding({ file, line: 1 }, 'json', 'the file is empty', 'write its JSON, or delete the file')] }
  const conflict = /^(<{7}|={7}|>{7})( |$)/m.exec(source)
  if (conflict) return { doc: { file, value: {}, at: new Map() }, findings: [finding({ file, ...positions(source)(conflict.index) }, 'json', 'an unfinished merge: two versions stand here', 'keep one of them and delete the marks <<<<<<< ======= >>>>>>>')] }
  const root = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false })
  const position = positions(source)
  const ref = (offset: number): SourceRef => ({ file, ...position(offset) })
  const findings = errors.map((error) => {
    const code = printParseErrorCode(error.error)
    return finding(ref(error.offset), 'json', `not JSON (${code})`, WORDS[code] ?? 'write strict JSON')
  })
  const at = new Map<string, SourceRef>()
  const visit = (node: Node, pointer: string, start: number): void => {
    at.set(pointer, ref(start))
    if (node.type === 'array') node.children?.forEach((child, i) => visit(child, `${pointer}/${i}`, child.offset))
    if (node.type !== 'object') return
    const seen = new Set<string>()
    for (const member of node.children ?? []) {
      const [key, value] = member.children ?? []
      if (!key) continue
      const name = String(key.value)
      if (seen.has(name)) findings.push(finding(ref(key.offset), 'json', `"${name}" is written twice`, 'keep one of them: the later one would silently win'))
      seen.add(name)
      if (value) visit(value, `${pointer}/${escapePointer(name)}`, key.offset)
    }
  }
  if (root) visit(root, '', root.offset)
  return { doc: { file, value: root ? (getNodeValue(root) as Json) : {}, at }, findings }
}
