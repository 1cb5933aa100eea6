import { barcodeSvg } from './barcode.ts'
import { datePartsOf, formatDate, formatRange } from './date.ts'
import { SafeString, type HandlebarsInstance, type HelperOptions } from './handlebars.ts'
import { cssLength, imageTag, sealTag } from './image.ts'
import { maskText } from './mask.ts'
import { formatCapitals, formatMoney } from './money.ts'
import { qrSvg } from './qr.ts'
import { stateOf } from './render-state.ts'
import { cleanRichText } from './rich.ts'
import { tableHtml } from './table.ts'

type Helper = (values: unknown[], options: HelperOptions) => unknown

const absent = (value: unknown): boolean => value === null || value === undefined || value === ''
const textOf = (value: unknown): string => (absent(value) ? '' : String(value))
const dateHelper = (standard: string): Helper => ([value, format], { data }) => {
  const parts = datePartsOf(value, stateOf(data).env.zone)
  return parts ? formatDate(parts, absent(format) ? standard : String(format)) : ''
}
const LEVELS = ['L', 'M', 'Q', 'H'] as const

/** The fixed helper set: what a template may call besides `each if unless with lookup`. */
export const HELPERS: Record<string, Helper> = {
  date: dateHelper('yyyy-MM-dd'),
  datetime: dateHelper('yyyy-MM-dd HH:mm'),
  range: ([start, end], { data }) => formatRange(start, end, stateOf(data).env.zone),
  mask: ([value, pattern]) => maskText(value, textOf(pattern)),
  money: ([fen]) => (absent(fen) ? '' : formatMoney(fen)),
  capitals: ([fen]) => (absent(fen) ? '' : formatCapitals(fen)),
  eq: ([left, right]) => left === right || (!absent(left) && !absent(right) && String(left) === String(right)),
  default: ([value, other]) => (absent(value) ? other : value),
  inc: ([value]) => Number(value) + 1,
  join: (values, { hash }) => values.flat().filter((value) => !absent(value)).map(String).join(textOf(hash.sep ?? '')),
  qr: ([text], { hash }) => new SafeString(qrSvg(textOf(text), cssLength(hash.size ?? '25mm', 'size'), LEVELS.find((level) => level === hash.level))),
  barcode: ([text], { hash }) => new SafeString(barcodeSvg(textOf(text), cssLength(hash.width ?? '60mm', 'width'), cssLength(hash.height ?? '12mm', 'height'))),
  image: ([file], { hash, data }) => {
    const size = ['width', 'height'].filter((name) => hash[name] !== undefined).map((name) => `${name}:${cssLength(hash[name], name)}`).join(';')
    return new SafeString(imageTag(file, { className: textOf(hash.class ?? 'image'), alt: textOf(hash.alt), style: size, required: hash.required === true }, stateOf(data)))
  },
  seal: ([file], { hash, data }) => new SafeString(sealTag(file, hash, stateOf(data))),
  table: ([rows], { hash }) => new SafeString(tableHtml(rows, hash)),
  pageBreak: () => new SafeString('<div class="page-break"></div>'),
  rich: ([html]) => new SafeString(cleanRichText(textOf(html))),
}

export const BLOCKS = ['each', 'if', 'unless', 'with'] as const
export const KNOWN_HELPERS = new Set<string>([...Object.keys(HELPERS), ...BLOCKS, 'lookup'])

export function registerHelpers(handlebars: HandlebarsInstance): void {
  handlebars.unregisterHelper('log')
  for (const [name, helper] of Object.entries(HELPERS)) {
    handlebars.registerHelper(name, (...args: unknown[]) => {
      const options = args.pop() as HelperOptions & { loc?: { start: { line: number } } }
      try {
        return helper(args, options)
      } catch (error) {
        throw new Error(`line ${options.loc?.start.line ?? '?'}: {{${name}}}: ${(error as Error).message}`, { cause: error })
      }
    })
  }
}
