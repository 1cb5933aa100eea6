import { en } from './en.ts'
import { zhCN, type TextKey } from './zh-CN.ts'

export type { TextKey }
export type TextParams = Record<string, string | number>
export type Translate = (key: TextKey, params?: TextParams) => string

/** Chrome text in the reader's language; `{name}` is replaced by params. */
export const translator = (lang: 'zh' | 'en'): Translate => {
  const texts: Record<TextKey, string> = lang === 'en' ? en : zhCN
  return (key, params) => texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params?.[name] ?? whole))
}
