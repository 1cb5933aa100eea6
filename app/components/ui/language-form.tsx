import { useLang, useText } from '#app/text/use-text.ts'

/** Switches the language with a plain form: works without scripts. */
export function LanguageForm({ to, csrf, className = 'plain-link' }: { to: string; csrf?: string; className?: string }) {
  const lang = useLang()
  const t = useText()
  return (
    <form method="post" action="/preferences">
      <input type="hidden" name="to" value={to} />
      {csrf ? <input type="hidden" name="csrf" value={csrf} /> : null}
      <button className={className} name="lang" value={lang === 'zh' ? 'en' : 'zh'} lang={lang === 'zh' ? 'en' : 'zh-CN'}>{t('app.lang')}</button>
    </form>
  )
}
