import { Alert } from 'antd'
import { formatCount } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'

export interface Warned { reason: string; count: number }

/** What rules say about records that were taken all the same. */
export function Warnings({ warned }: { warned: Warned[] | undefined }) {
  const t = useText()
  if (!warned?.length) return null
  return <Alert type="warning" showIcon title={t('act.warned')} description={<ul className="reasons">{warned.map((entry) => <li key={entry.reason}>{entry.reason}{entry.count > 1 ? <b> × {formatCount(entry.count)}</b> : null}</li>)}</ul>} />
}
