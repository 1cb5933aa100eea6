import type { Dict, Text } from '../model.ts'
import { compact, Cursor } from '../load/cursor.ts'
import type { Doc } from '../load/doc.ts'

/** Message texts by key: a string, {zh, en}, or {subject, text|zh}; a file may wrap them in "texts". */
export const readTexts = (docs: Doc[]): Dict<Text & { subject?: Text }> => {
  const texts: Dict<Text & { subject?: Text }> = {}
  for (const doc of docs) {
    const root = new Cursor(doc)
    const c = root.at('texts').isObject ? root.at('texts') : root
    for (const [key, t] of c.entries()) {
      if (key.startsWith('$') || key === 'words') continue
      const text = t.text() ?? t.at('text').text() ?? t.at('body').text()
      // a key that is written again takes the place where it is written last: so a family orders its menu
      if (text) delete texts[key]
      if (text) texts[key] = compact({ ...text, subject: t.at('subject').text() ?? t.at('title').text() })
    }
  }
  return texts
}
