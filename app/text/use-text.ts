import { useRouteLoaderData } from '@remix-run/react'
import { useMemo } from 'react'
import { translator, type Translate } from './translate.ts'

/** Language of the page, from the root loader. */
export const useLang = (): 'zh' | 'en' => (useRouteLoaderData('root') as { lang: 'zh' | 'en' } | undefined)?.lang ?? 'zh'

export const useText = (): Translate => {
  const lang = useLang()
  return useMemo(() => translator(lang), [lang])
}
