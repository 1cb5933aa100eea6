import type { WidgetProps } from '@rjsf/utils'
import { Skeleton } from 'antd'
import { lazy, Suspense, useSyncExternalStore } from 'react'

const RichEditor = lazy(() => import('./rich-editor.tsx'))
const never = (): (() => void) => () => undefined

/** Formatted text. The editor loads when it is needed, in the browser only; what it makes is cleaned again by the server. */
export function RichWidget(props: WidgetProps) {
  const browser = useSyncExternalStore(never, () => true, () => false)
  return browser ? <Suspense fallback={<Skeleton active paragraph={{ rows: 3 }} title={false} />}><RichEditor {...props} /></Suspense> : <Skeleton paragraph={{ rows: 3 }} title={false} />
}
