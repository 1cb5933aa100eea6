import { Empty } from 'antd'
import type { ReactNode } from 'react'

/** Says why nothing is here and what to do. */
export function EmptyState({ why, hint, children }: { why: string; hint?: string; children?: ReactNode }) {
  return <div className="empty"><Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><b>{why}</b>{hint ? <p className="muted">{hint}</p> : null}</>}>{children}</Empty></div>
}
