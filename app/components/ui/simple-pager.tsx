import { useNavigate, useSearchParams } from '@remix-run/react'
import { Pagination } from 'antd'
import { useText } from '#app/text/use-text.ts'

/** Pages of a simple list; the page is in the address. */
export function SimplePager({ total, page, size }: { total: number; page: number; size: number }) {
  const t = useText()
  const navigate = useNavigate()
  const [params] = useSearchParams()
  if (!total) return null
  const go = (next: number, nextSize: number): void => {
    const changed = new URLSearchParams(params)
    changed.set('page', String(next))
    changed.set('size', String(nextSize))
    navigate({ search: changed.toString() })
  }
  return <nav className="pager"><span className="pager-total">{t('list.total', { n: total })}</span><Pagination current={page} pageSize={size} total={total} pageSizeOptions={[10, 20, 50]} showSizeChanger={total > 10} onChange={go} /></nav>
}
