import { Tag } from 'antd'
import type { ListFilter } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'

const shown = (filter: ListFilter): string => filter.label ?? filter.value?.split(',').map((one) => filter.options?.find((option) => option.value === one)?.label ?? one).join('、') ?? ''

/** The filters that are on, each removable. */
export function FilterChips({ filters, search, onRemove, onClear }: { filters: ListFilter[]; search: string; onRemove: (id: string | null) => void; onClear: () => void }) {
  const t = useText()
  const active = filters.filter((filter) => filter.value)
  if (!active.length && !search) return null
  return (
    <div className="chips" aria-label={t('list.filters')}>
      <span className="muted">{t('list.filters')}</span>
      {active.map((filter) => <Tag key={filter.id} closable onClose={(event) => { event.preventDefault(); onRemove(filter.id) }}>{filter.title}：{shown(filter)}</Tag>)}
      {search ? <Tag closable onClose={(event) => { event.preventDefault(); onRemove(null) }}>{t('list.keyword')}：{search}</Tag> : null}
      <button type="button" className="link-button" onClick={onClear}>{t('list.clearAll')}</button>
    </div>
  )
}
