let table: Map<string, number> | undefined

/** Two-byte codes of GBK, from the platform's decoder. */
const codes = (): Map<string, number> => {
  if (table) return table
  const decoder = new TextDecoder('gbk')
  table = new Map()
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue
      const text = decoder.decode(Buffer.from([high, low]))
      if (text.length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, (high << 8) | low)
    }
  }
  return table
}

/** Bytes of a text in GBK; what the code page lacks becomes `?`, as Chinese Windows writes it. */
export const encodeGbk = (text: string): Buffer =>
  Buffer.from([...text].flatMap((c) => {
    const code = c.codePointAt(0) ?? 0
    if (code < 0x80) return [code]
    const pair = codes().get(c)
    return pair === undefined ? [0x3f] : [pair >> 8, pair & 0xff]
  }))
