import type { Dict } from '../model.ts'
import { Cursor } from '../load/cursor.ts'
import type { Doc } from '../load/doc.ts'

/** English words by the Chinese text that definitions give: the member "words" of a texts file; what is written last holds. */
export const readWords = (docs: Doc[]): Dict<string> => {
  const words: Dict<string> = {}
  for (const doc of docs) for (const [zh, en] of new Cursor(doc).at('words').entries()) words[zh] = en.string() ?? zh
  return words
}

/** Gives every text that is Chinese only its English words, wherever it stands in resolved definitions. */
export function fillEnglish(root: object, words: Dict<string>): void {
  const seen = new WeakSet<object>()
  const open: object[] = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    const text = node as { zh?: unknown; en?: unknown }
    if (typeof text.zh === 'string' && text.en === undefined && Object.hasOwn(words, text.zh)) text.en = words[text.zh]
    for (const value of Object.values(node)) if (value !== null && typeof value === 'object') open.push(value as object)
  }
}
