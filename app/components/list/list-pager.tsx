import { Button, InputNumber, Pagination, Select } from 'antd'
import { useState } from 'react'
import type { ListView } from '#app/gateway/contracts.server.ts'
import { formatCount } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { SIZES } from './list-query.ts'

interface Props { view: ListView; onPage: (change: { page?: number; size?: number; after?: string }) => void }

/** Total, page size, pages and the jump. Where the total is only bounded, one goes on page by page. */
export function ListPager({ view, onPage }: Props) {
  const t = useText()
  const [jump, setJump] = useState<number | null>(null)
  const pages = Math.max(1, Math.ceil(view.total / view.size))
  const sizes = [...new Set([...SIZES, view.size])].sort((a, b) => a - b)
  const go = (): void => {
    if (jump) onPage({ page: Math.min(jump, pages), size: view.size })
    setJump(null)
  }
  return (
    <nav className="pager" aria-label={t('list.page')}>
      <span className="pager-total">{view.totalCapped ? t('list.totalCapped', { n: formatCount(view.total) }) : t('list.total', { n: formatCount(view.total) })}</span>
      <Select aria-label={t('list.pageSize', { n: view.size })} value={view.size} options={sizes.map((size) => ({ value: size, label: t('list.pageSize', { n: size }) }))} onChange={(size) => onPage({ size, page: 1 })} style={{ width: 110 }} />
      <Pagination current={view.page} pageSize={view.size} total={view.total} showSizeChanger={false} showLessItems onChange={(page) => onPage({ page, size: view.size })} />
      {view.totalCapped && view.next ? <Button size="small" onClick={() => onPage({ after: view.next ?? '', size: view.size, page: view.page + 1 })}>{t('list.next')}</Button> : null}
      <label className="pager-jump">{t('list.goto')} <InputNumber size="small" min={1} max={pages} value={jump} controls={false} onChange={setJump} onPressEnter={go} onBlur={go} style={{ width: 56 }} /> {t('list.page')}</label>
    </nav>
  )
}
