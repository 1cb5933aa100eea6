// ISO/IEC 15417, table 1: widths of bars and spaces of the values 0–106.
const PATTERNS = ('212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 '
  + '223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 '
  + '132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 '
  + '312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 '
  + '241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 '
  + '411311 113141 114131 311141 411131 211412 211214 211232 2331112').split(' ')
const [CODE_B, START_B, START_C, STOP] = [100, 104, 105, 106]

/** Code 128 values with start, checksum and stop: digits in pairs (set C), all else in set B. Throws outside printable ASCII. */
export function code128Values(text: string): number[] {
  if (!/^[\x20-\x7e]+$/.test(text)) throw new Error(`"${text}" cannot be a Code 128 barcode (printable ASCII only)`)
  const values: number[] = []
  const even = text.length - (text.length % 2)
  if (/^\d{4,}$/.test(text)) {
    values.push(START_C)
    for (let at = 0; at < even; at += 2) values.push(Number(text.slice(at, at + 2)))
    if (even < text.length) values.push(CODE_B, text.charCodeAt(even) - 32)
  } else {
    values.push(START_B, ...[...text].map((character) => character.charCodeAt(0) - 32))
  }
  const checksum = values.reduce((sum, value, position) => sum + value * Math.max(position, 1), 0) % 103
  return [...values, checksum, STOP]
}

/** A Code 128 barcode as SVG with ten modules of quiet zone at both ends; `height` and `width` are CSS lengths. */
export function barcodeSvg(text: string, width: string, height: string): string {
  let at = 10
  let path = ''
  for (const value of code128Values(text)) {
    [...(PATTERNS[value] ?? '')].forEach((run, position) => {
      if (position % 2 === 0) path += `M${at} 0h${run}v1h-${run}z`
      at += Number(run)
    })
  }
  return `<svg class="barcode" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at + 10} 1" preserveAspectRatio="none" style="width:${width};height:${height}" shape-rendering="crispEdges"><path d="${path}"/></svg>`
}
