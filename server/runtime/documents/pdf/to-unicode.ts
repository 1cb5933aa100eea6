const SECTION = /begin(bfchar|bfrange)\s([\s\S]*?)\send\1/g

/** Code -> UTF-16BE hex, as a ToUnicode map of one-byte codes says (ISO 32000-1, 9.10.3). null = it is written in a way that is not read here. */
export function readToUnicode(text: string): Map<number, string> | null {
  const out = new Map<number, string>()
  for (const [, kind, body = ''] of text.matchAll(SECTION)) {
    if (body.includes('[')) return null
    const words = [...body.matchAll(/<([0-9A-Fa-f]+)>/g)].map((m) => m[1]!)
    const size = kind === 'bfchar' ? 2 : 3
    if (words.length % size !== 0) return null
    for (let i = 0; i < words.length; i += size) {
      const [first, last, to] = kind === 'bfchar' ? [words[i]!, words[i]!, words[i + 1]!] : [words[i]!, words[i + 1]!, words[i + 2]!]
      const low = Number.parseInt(to.slice(-4), 16)
      for (let code = Number.parseInt(first, 16), n = 0; code <= Number.parseInt(last, 16); code++, n++) out.set(code, to.slice(0, -4) + (low + n).toString(16).toUpperCase().padStart(4, '0'))
    }
  }
  return out
}

const PART = 100
/** The same for the codes given. */
export function writeToUnicode(codes: ReadonlyMap<number, string>): string {
  const hex = (n: number): string => n.toString(16).toUpperCase().padStart(2, '0')
  const lines = [...codes].map(([code, to]) => `<${hex(code)}> <${to}>`)
  const sections: string[] = []
  for (let i = 0; i < lines.length; i += PART) { const part = lines.slice(i, i + PART); sections.push(`${part.length} beginbfchar\n${part.join('\n')}\nendbfchar`) }
  return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n${sections.join('\n')}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend`
}
