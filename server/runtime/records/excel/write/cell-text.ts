const MAX_TEXT = 32_767

/** Sheet names have 31 characters, none of `* ? : \ / [ ]`, and no quotes at their ends. */
export const sheetName = (title: string): string => title.replace(/[*?:\\/[\]]/g, ' ').replace(/^'+|'+$/g, '').trim().slice(0, 31) || 'Sheet1'

/** Width in characters: those of Chinese count double. */
export const widthOf = (text: string): number => [...text].reduce((sum, c) => sum + ((c.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0)

/** Whether a text may be longer than a cell holds. */
export const isOverlong = (text: string): boolean => text.length > MAX_TEXT

/** What Excel opens: no control characters, no half of a surrogate pair, no text beyond its bound. */
export const cellText = (text: string): string => {
  // eslint-disable-next-line no-control-regex -- XML 1.0 has no way to write these
  const clean = text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…` : clean
}
