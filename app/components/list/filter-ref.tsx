import { Select, Spin } from 'antd'
import { useRef, useState } from 'react'
import type { Choice, ListFilter } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useAsk } from '../ui/ask.ts'

const SEARCH_MS = 250

/** A type-ahead filter over records; the path asked for is `list:<list>:<filter>`. */
export function FilterRef({ id, entity, list, filter, value, onChange }: { id: string; entity: string; list: string; filter: ListFilter; value: string; onChange: (value: string) => void }) {
  const t = useText()
  const ask = useAsk()
  const [options, setOptions] = useState<(Choice & { hint?: string })[]>([])
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const turn = useRef(0)
  const search = (text: string, wait = SEARCH_MS): void => {
    clearTimeout(timer.current)
    const mine = ++turn.current
    timer.current = setTimeout(() => {
      setBusy(true)
      void ask<{ options: Choice[] }>('references', { entity, path: `list:${list}:${filter.id}`, search: text }).then((result) => {
        if (mine !== turn.current) return
        setBusy(false)
        setOptions(result.ok ? result.options : [])
      })
    }, wait)
  }
  const label = chosen[value] ?? (value === filter.value ? filter.label : undefined) ?? value
  const pick = (next: { value: string; label?: unknown } | null | undefined): void => {
    const option = options.find((one) => one.value === next?.value)
    if (option) setChosen((now) => ({ ...now, [option.value]: option.label }))
    onChange(next?.value ?? '')
  }
  return (
    <Select id={id} labelInValue allowClear showSearch={{ filterOption: false, onSearch: search }} value={(value ? { value, label } : null) as never} placeholder={t('common.searchSelect')} notFoundContent={busy ? <Spin size="small" /> : t('common.noOptions')}
      onOpenChange={(open) => { if (open) search('', 0) }} onChange={pick as never} options={options.map((option) => ({ value: option.value, label: option.label, hint: option.hint }))}
      optionRender={(option) => <span className="ref-option">{option.label}<small>{(option.data as { hint?: string }).hint}</small></span>} />
  )
}
