import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { DocumentError } from '../errors.ts'

const run = promisify(execFile)

/** Fonts that print Chinese; the first group small and fast, the second with the rare characters of names. */
const PLAIN = ['Droid Sans Fallback', 'WenQuanYi Zen Hei', 'WenQuanYi Micro Hei', 'Microsoft YaHei', 'PingFang SC']
const RARE = ['Noto Sans CJK SC', 'Source Han Sans SC', 'Noto Serif CJK SC']
const INSTALL = 'apt-get install -y fonts-noto-cjk fonts-droid-fallback'

export interface FontReport { ok: boolean; found: string[]; rareCharacters: boolean; advice: string | null }

/** Which of the fonts that documents need are installed, by fontconfig's list. */
export async function fontsAvailable(listFamilies: () => Promise<string> = fcList): Promise<FontReport> {
  const families = new Set((await listFamilies()).split('\n').flatMap((line) => line.split(',')).map((family) => family.trim()))
  const found = [...PLAIN, ...RARE].filter((family) => families.has(family))
  const rareCharacters = RARE.some((family) => families.has(family))
  const advice = found.length === 0 ? `no font for Chinese is installed; install: ${INSTALL}`
    : !rareCharacters ? `rare characters of names will print as boxes; install: ${INSTALL}`
      : found.every((family) => RARE.includes(family)) ? `documents print faster and smaller with a TrueType font; install: ${INSTALL}` : null
  return { ok: found.length > 0, found, rareCharacters, advice }
}

/** Refuses printing without a font for Chinese: the document would be boxes. */
export async function assertFonts(listFamilies?: () => Promise<string>): Promise<void> {
  const report = await fontsAvailable(listFamilies)
  if (!report.ok) throw new DocumentError('DOCUMENT_FONTS_MISSING', report.advice ?? '', `服务器缺少中文字体，无法生成文档，请联系管理员安装（${INSTALL}）`)
}

async function fcList(): Promise<string> {
  return run('fc-list', [':', 'family'], { maxBuffer: 16 * 1024 * 1024, timeout: 15_000 }).then(({ stdout }) => stdout, () => '')
}
