const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const GROUPS = ['', '万', '亿', '万亿']

const fenOf = (value: unknown): number => {
  const fen = typeof value === 'number' ? value : Number(String(value))
  if (!Number.isSafeInteger(fen)) throw new Error(`"${String(value)}" is no amount (expected whole fen)`)
  return fen
}

/** `123456` fen → `1,234.56`. */
export function formatMoney(value: unknown): string {
  const fen = fenOf(value)
  const yuan = String(Math.floor(Math.abs(fen) / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '-' : ''}${yuan}.${String(Math.abs(fen) % 100).padStart(2, '0')}`
}

const groupText = (group: number): string => {
  let text = ''
  let zero = false
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(group / 10 ** place) % 10
    if (digit === 0) { zero = text !== ''; continue }
    text += `${zero ? '零' : ''}${DIGITS[digit]}${PLACES[place]}`
    zero = false
  }
  return text
}

const yuanText = (yuan: number): string => {
  let text = ''
  let gap = false
  for (let index = GROUPS.length - 1; index >= 0; index--) {
    const group = Math.floor(yuan / 10_000 ** index) % 10_000
    if (group === 0) { gap = text !== ''; continue }
    if (text !== '' && (gap || group < 1000)) text += '零'
    text += groupText(group) + GROUPS[index]
    gap = false
  }
  return text
}

/** Amount in Chinese capitals as on receipts: `28000` fen → `贰佰捌拾元整`. */
export function formatCapitals(value: unknown): string {
  const fen = fenOf(value)
  const rest = Math.abs(fen)
  if (rest >= 10 ** 15) throw new Error(`${rest} fen exceed what is written in capitals (under ten trillion yuan)`)
  const [yuan, jiao, cent] = [Math.floor(rest / 100), Math.floor(rest / 10) % 10, rest % 10]
  if (rest === 0) return '零元整'
  const head = yuan > 0 ? `${yuanText(yuan)}元` : ''
  const tail = jiao === 0 && cent === 0 ? '整'
    : (jiao > 0 ? `${DIGITS[jiao]}角` : head === '' ? '' : '零') + (cent > 0 ? `${DIGITS[cent]}分` : '整')
  return (fen < 0 ? '负' : '') + head + tail
}
