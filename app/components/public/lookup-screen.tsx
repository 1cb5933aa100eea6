import type { Cell, LookupView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { LanguageForm } from '../ui/language-form.tsx'
import { PhonePage } from './phone-page.tsx'

export interface LookupAnswer { keys: Record<string, string>; rows?: { title: string; cell: Cell }[]; errors?: string[] }
interface Props { title: string; path: string; lookups: LookupView[]; chosen: LookupView | null; given: Record<string, string>; answer: LookupAnswer | undefined }

const nameOf = (lookup: LookupView): string => `${lookup.entity}/${lookup.id}`

/** A public look-up as a plain form: works on any phone, without scripts. */
export function LookupScreen({ title, path, lookups, chosen, given, answer }: Props) {
  const t = useText()
  return (
    <PhonePage title={title} beside={<LanguageForm to={path} />}>
      {lookups.length > 1 ? <nav className="choices">{lookups.map((lookup) => <a key={nameOf(lookup)} href={`${path}?on=${encodeURIComponent(nameOf(lookup))}`} aria-current={chosen && nameOf(lookup) === nameOf(chosen) ? 'page' : undefined}>{lookup.title}</a>)}</nav> : null}
      {!chosen ? <div className="note">{t('verify.none')}</div> : null}
      {answer?.errors?.length ? <div className="note bad" role="alert">{answer.errors.map((message) => <div key={message}>{message}</div>)}</div> : null}
      {answer?.rows ? (
        <section className="card" aria-live="polite">
          <h2>{t('verify.result')}</h2>
          <dl>{answer.rows.map((row) => [<dt key={`t${row.title}`}>{row.title}</dt>, <dd key={`d${row.title}`}>{row.cell.text || t('common.none')}</dd>])}</dl>
          <p style={{ marginTop: 16 }}><a href={chosen ? `${path}?on=${encodeURIComponent(nameOf(chosen))}` : path}>{t('verify.again')}</a></p>
        </section>
      ) : null}
      {chosen && !answer?.rows ? (
        <form method="post" className="card">
          <h2>{chosen.title}</h2>
          <p className="muted" style={{ marginBottom: 14 }}>{t('verify.intro')}</p>
          <input type="hidden" name="on" value={nameOf(chosen)} />
          {chosen.keys.map((key) => <label key={key.id} className="field"><span>{key.title}</span><input name={`key.${key.id}`} required maxLength={100} autoComplete="off" spellCheck={false} autoCapitalize="none" defaultValue={answer?.keys[key.id] ?? given[key.id] ?? ''} /></label>)}
          <button className="button primary wide">{t('verify.ask')}</button>
        </form>
      ) : null}
    </PhonePage>
  )
}
