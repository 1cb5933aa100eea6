import { Alert } from 'antd'
import { useEffect, useState } from 'react'
import type { Choice, ListView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useAsk } from '../ui/ask.ts'

const MOST = 8

/** What must be chosen before the list shows rows; where it is one record, the newest can be chosen at once. */
export function NeedChooser({ view, onChoose }: { view: ListView; onChoose: (filters: Record<string, string>) => void }) {
  const t = useText()
  const ask = useAsk()
  const [choices, setChoices] = useState<Choice[]>([])
  const missing = view.filters.filter((filter) => filter.required && !filter.value)
  const only = missing.length === 1 && missing[0]?.kind === 'ref' ? missing[0].id : undefined
  const { entity, list } = view
  useEffect(() => {
    if (only === undefined) return
    let gone = false
    void ask<{ options: Choice[] }>('references', { entity, path: `list:${list}:${only}`, search: '' }).then((result) => { if (!gone && result.ok) setChoices(result.options.slice(0, MOST)) })
    return () => { gone = true }
  }, [ask, entity, list, only])
  const kept = Object.fromEntries(view.filters.filter((filter) => filter.value).map((filter) => [filter.id, filter.value ?? '']))
  return (
    <Alert type="info" showIcon title={view.need} className="list-need" {...(only !== undefined && choices.length && {
      description: <span className="need-choices">{t('list.need.recent')}{choices.map((choice) => <button key={choice.value} type="button" className="link-button" onClick={() => onChoose({ ...kept, [only]: choice.value })}>{choice.label}</button>)}</span>,
    })} />
  )
}
