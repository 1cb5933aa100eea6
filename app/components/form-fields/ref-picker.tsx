import { Select, Spin } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Choice } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import type { FieldContext } from '../form/form-context.ts'
import { useAsk } from '../ui/ask.ts'

type Found = Choice & { hint?: string }
interface Props {
  id?: string
  path: string
  value: string | string[] | undefined
  onChange: (value: string | string[] | undefined) => void
  context: FieldContext
  multiple?: boolean
  disabled?: boolean
  error?: boolean
  placeholder?: string
  size?: 'small' | 'middle'
}
const SEARCH_MS = 250

const list = (value: string | string[] | undefined): string[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value])

/** A reference chosen by typing a part of its name or number; the server searches what the person may choose here. */
export function RefPicker({ id, path, value, onChange, context, multiple = false, disabled = false, error = false, placeholder, size }: Props) {
  const t = useText()
  const ask = useAsk()
  const [options, setOptions] = useState<Found[]>([])
  const [known, setKnown] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const turn = useRef(0)
  const chosen = list(value)
  const labelOf = (one: string, index: number): string | undefined => known[one] ?? context.labels[multiple ? `${path}.${index}` : path] ?? options.find((option) => option.value === one)?.label
  const unknown = chosen.filter((one, index) => labelOf(one, index) === undefined).join(',')

  const find = useCallback(async (more: { search?: string; ids?: string[] }): Promise<Found[] | null> => {
    const result = await ask<{ options: Found[] }>('references', { ...context.target, path, data: context.data(), ...(context.importId && { import: context.importId }), ...more })
    return result.ok ? result.options : null
  }, [ask, context, path])

  useEffect(() => {
    if (!unknown) return
    void find({ ids: unknown.split(',') }).then((found) => found && setKnown((now) => ({ ...now, ...Object.fromEntries(found.map((option) => [option.value, option.label])) })))
  }, [find, unknown])

  const search = (text: string, wait = SEARCH_MS): void => {
    clearTimeout(timer.current)
    const mine = ++turn.current
    timer.current = setTimeout(() => {
      setBusy(true)
      void find({ search: text }).then((found) => {
        if (mine !== turn.current) return
        setBusy(false)
        setOptions(found ?? [])
      })
    }, wait)
  }
  const pick = (next: unknown): void => {
    const one = (entry: unknown): string => (entry as { value: string }).value
    const entries = (Array.isArray(next) ? next : next ? [next] : []) as { value: string; label?: unknown }[]
    setKnown((now) => ({ ...now, ...Object.fromEntries(options.filter((option) => entries.some((entry) => entry.value === option.value)).map((option) => [option.value, option.label])) }))
    onChange(multiple ? entries.map(one) : entries[0] ? one(entries[0]) : undefined)
  }
  const entries = chosen.map((one, index) => ({ value: one, label: labelOf(one, index) ?? '…' }))
  return (
    <Select {...(id && { id })} labelInValue {...(multiple && { mode: 'multiple' as const })} {...(size && { size })} value={(multiple ? entries : (entries[0] ?? null)) as never} showSearch={{ filterOption: false, onSearch: search }} allowClear disabled={disabled} status={error ? 'error' : ''}
      placeholder={placeholder || t('common.searchSelect')} style={{ width: '100%' }} notFoundContent={busy ? <Spin size="small" /> : t('common.noOptions')} onOpenChange={(open) => { if (open) search('', 0) }} onChange={pick}
      options={options.map((option) => ({ value: option.value, label: option.label, hint: option.hint }))}
      optionRender={(option) => <span className="ref-option">{option.label}<small>{(option.data as { hint?: string }).hint}</small></span>} />
  )
}
