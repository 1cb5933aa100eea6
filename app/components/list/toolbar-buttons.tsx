import { Button as AntButton, Dropdown } from 'antd'
import { DownOutlined } from '@ant-design/icons'
import { useNavigate } from '@remix-run/react'
import type { Button } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { ActionButton, MoreButtons } from '../actions/action-button.tsx'
import type { Subject } from '../actions/subject.ts'
import { useActions } from '../actions/use-actions.ts'

const MAX_PLAIN = 3

/** An importer with its records in the same drop-down; several importers share one. */
function ImportMenu({ buttons, subject }: { buttons: Button[]; subject: Subject }) {
  const t = useText()
  const { press } = useActions()
  const navigate = useNavigate()
  const [only] = buttons
  const items = [
    ...buttons.map((button) => ({ key: button.id, label: buttons.length === 1 ? t('list.import') : button.title, disabled: Boolean(button.disabled?.length), title: button.disabled?.join('；') ?? '' })),
    { type: 'divider' as const },
    { key: '_records', label: t('import.records') },
  ]
  const choose = ({ key }: { key: string }): void => {
    if (key === '_records') return navigate(`/imports?entity=${encodeURIComponent(subject.entity)}`)
    const button = buttons.find((one) => one.id === key)
    if (button) press(button, subject)
  }
  return <Dropdown trigger={['click']} menu={{ items, onClick: choose }}><AntButton>{buttons.length === 1 ? only?.title : t('list.import')} <DownOutlined style={{ fontSize: 10 }} /></AntButton></Dropdown>
}

/** What can be done without a ticked row: create, imports, exports, actions. */
export function ToolbarButtons({ buttons, subject }: { buttons: Button[]; subject: Subject }) {
  const t = useText()
  const imports = buttons.filter((button) => button.kind === 'import')
  const exports = buttons.filter((button) => button.kind === 'export')
  const documents = buttons.filter((button) => button.kind === 'document')
  const others = buttons.filter((button) => !['import', 'export', 'document'].includes(button.kind))
  const plain = others.slice(0, MAX_PLAIN)
  const rest = others.slice(MAX_PLAIN)
  return (
    <span className="button-row">
      {plain.map((button) => <ActionButton key={button.id} button={button} subject={subject} />)}
      {imports.length ? <ImportMenu buttons={imports} subject={subject} /> : null}
      {documents.length === 1 && documents[0] ? <ActionButton button={documents[0]} subject={subject} /> : null}
      {documents.length > 1 ? <MoreButtons buttons={documents} subject={subject} title={t('list.documents')} /> : null}
      {exports.length === 1 && exports[0] ? <ActionButton button={exports[0]} subject={subject} /> : null}
      {exports.length > 1 ? <MoreButtons buttons={exports} subject={subject} title={t('list.export')} /> : null}
      {rest.length ? <MoreButtons buttons={rest} subject={subject} /> : null}
    </span>
  )
}
