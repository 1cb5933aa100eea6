import { DownOutlined, UpOutlined } from '@ant-design/icons'
import { Button, DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useState, type FormEvent } from 'react'
import type { ListFilter } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { FilterRef } from './filter-ref.tsx'

/** with the keyword and the buttons they fill one row */
const FIRST_ROW = 2
const RANGE = '~'

interface Props { entity: string; list: string; filters: ListFilter[]; /** absent where one cannot search by words */ search?: string; onSearch: (filters: Record<string, string>, search: string) => void; onReset: () => void }

const dateOf = (text: string | undefined) => (text && dayjs(text).isValid() ? dayjs(text) : null)

function Control({ entity, list, filter, value, onChange }: { entity: string; list: string; filter: ListFilter; value: string; onChange: (value: string) => void }) {
  const t = useText()
  const id = `filter-${filter.id}`
  if (filter.kind === 'select') return <Select id={id} allowClear showSearch={{ optionFilterProp: 'label' }} mode="multiple" maxTagCount="responsive" value={value ? value.split(',') : []} options={filter.options ?? []} placeholder={t('common.select')} onChange={(next: string[]) => onChange(next.join(','))} />
  if (filter.kind === 'boolean') return <Select id={id} allowClear value={value || null} options={filter.options ?? [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }]} placeholder={t('common.select')} onChange={(next?: string | null) => onChange(next ?? '')} />
  if (filter.kind === 'ref') return <FilterRef id={id} entity={entity} list={list} filter={filter} value={value} onChange={onChange} />
  if (filter.kind === 'range') {
    const [start, end] = value.split(RANGE)
    return <DatePicker.RangePicker id={id} value={[dateOf(start), dateOf(end)]} allowEmpty={[true, true]} placeholder={[t('common.start'), t('common.end')]} onChange={(range) => onChange(range?.some(Boolean) ? range.map((day) => day?.format('YYYY-MM-DD') ?? '').join(RANGE) : '')} />
  }
  if (filter.kind === 'number') return <Input id={id} allowClear inputMode="decimal" value={value} placeholder={t('list.filter.number')} onChange={(event) => onChange(event.target.value.replace(/[^\d.~-]/g, ''))} />
  return <Input id={id} allowClear value={value} placeholder={t('common.input')} onChange={(event) => onChange(event.target.value)} />
}

/** The list's filters: one row, the rest folded; 查询 or Enter applies them, 重置 clears them. */
export function FilterBar({ entity, list, filters, search, onSearch, onReset }: Props) {
  const t = useText()
  const applied = Object.fromEntries(filters.map((filter) => [filter.id, filter.value ?? '']))
  const stamp = JSON.stringify([applied, search])
  const [draft, setDraft] = useState({ stamp, values: applied, search: search ?? '' })
  const [open, setOpen] = useState(false)
  if (draft.stamp !== stamp) setDraft({ stamp, values: applied, search: search ?? '' })
  const hidden = filters.slice(FIRST_ROW)
  const unfolded = open || hidden.some((filter) => filter.required || filter.value)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSearch(draft.values, draft.search.trim())
  }
  const set = (id: string, value: string): void => setDraft({ ...draft, values: { ...draft.values, [id]: value } })
  return (
    <form className="filter-bar" role="search" onSubmit={submit}>
      {(unfolded ? filters : filters.slice(0, FIRST_ROW)).map((filter) => (
        <div key={filter.id} className="filter">
          <label htmlFor={`filter-${filter.id}`}>{filter.title}{filter.required ? <span className="required" aria-hidden>*</span> : null}</label>
          <Control entity={entity} list={list} filter={filter} value={draft.values[filter.id] ?? ''} onChange={(value) => set(filter.id, value)} />
        </div>
      ))}
      {search === undefined ? null : <div className="filter"><label htmlFor="filter-q">{t('list.keyword')}</label><Input id="filter-q" allowClear value={draft.search} placeholder={t('common.input')} onChange={(event) => setDraft({ ...draft, search: event.target.value })} /></div>}
      <div className="filter-buttons">
        <Button type="primary" htmlType="submit">{t('list.search')}</Button>
        <Button onClick={onReset}>{t('list.reset')}</Button>
        {hidden.length ? <Button type="link" aria-expanded={unfolded} onClick={() => setOpen(!open)}>{unfolded ? t('list.collapse') : t('list.expand')} {unfolded ? <UpOutlined /> : <DownOutlined />}</Button> : null}
      </div>
    </form>
  )
}
