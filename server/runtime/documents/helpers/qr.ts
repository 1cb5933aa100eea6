import QRCode from 'qrcode'

/** A QR code as one SVG path, four modules of quiet zone; `size` is a CSS length. Throws when the text does not fit. */
export function qrSvg(text: string, size: string, level: 'L' | 'M' | 'Q' | 'H' = 'M'): string {
  if (text === '') throw new Error('a QR code needs a text')
  const { modules } = QRCode.create(text, { errorCorrectionLevel: level })
  const quiet = 4
  const edge = modules.size + 2 * quiet
  let path = ''
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (!modules.get(row, column)) continue
      const start = column
      while (column + 1 < modules.size && modules.get(row, column + 1)) column++
      path += `M${start + quiet} ${row + quiet}h${column - start + 1}v1h-${column - start + 1}z`
    }
  }
  return `<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${edge} ${edge}" style="width:${size};height:${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${edge}v${edge}H0z"/><path d="${path}"/></svg>`
}
