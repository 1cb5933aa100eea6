import type { Button } from '#app/gateway/contracts.server.ts'
import { formatCount } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { ButtonRow } from '../actions/action-button.tsx'
import type { Subject } from '../actions/subject.ts'
import type { Selection } from './use-selection.ts'

/** A deletion and a drawn signature are of rows somebody has seen, not of a query. */
const needsTicks = (button: Button): boolean => button.kind === 'delete' || button.signature !== undefined

/** What can be done with the ticked rows, and the way to extend the tick to the whole query. */
export function BulkBar({ selection, buttons, subject, total }: { selection: Selection; buttons: Button[]; subject: Subject; total: number }) {
  const t = useText()
  const count = selection.all ? total : selection.ids.size
  if (!count) return null
  return (
    <div className="bulk-bar" role="status">
      <span>{selection.all ? t('list.selectedAll', { n: formatCount(total) }) : t('list.selected', { n: formatCount(count) })}</span>
      {!selection.all && total > selection.ids.size ? <button type="button" className="link-button" onClick={selection.chooseAll}>{t('list.selectAll', { n: formatCount(total) })}</button> : null}
      <button type="button" className="link-button" onClick={selection.clear}>{t('list.clear')}</button>
      <span className="grow" />
      <ButtonRow buttons={selection.all ? buttons.map((button) => (needsTicks(button) ? { ...button, disabled: [...(button.disabled ?? []), t('list.onlyTicked')] } : button)) : buttons} subject={subject} max={4} size="small" />
    </div>
  )
}
