import { ColumnHeightOutlined, PrinterOutlined, ReloadOutlined, SettingOutlined } from '@ant-design/icons'
import { useRevalidator } from '@remix-run/react'
import { Checkbox, Dropdown, Popover } from 'antd'
import type { ListColumn } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import type { Density } from './list-table.tsx'

interface Props { columns: ListColumn[]; hidden: string[]; onHidden: (ids: string[]) => void; density: Density; onDensity: (density: Density) => void }

/** Refresh, density, columns, print. */
export function ListTools({ columns, hidden, onHidden, density, onDensity }: Props) {
  const t = useText()
  const { revalidate, state } = useRevalidator()
  const chooser = (
    <Checkbox.Group className="column-chooser" value={columns.map((column) => column.id).filter((id) => !hidden.includes(id))} options={columns.map((column) => ({ value: column.id, label: column.title }))}
      onChange={(shown) => { if (shown.length) onHidden(columns.map((column) => column.id).filter((id) => !shown.includes(id))) }} />
  )
  return (
    <span className="list-tools">
      <button type="button" className="top-button" aria-label={t('list.refresh')} title={t('list.refresh')} onClick={revalidate}><ReloadOutlined spin={state === 'loading'} /></button>
      <Dropdown trigger={['click']} menu={{ selectable: true, selectedKeys: [density], items: (['large', 'middle', 'small'] as const).map((key) => ({ key, label: t(`list.density.${key}`) })), onClick: ({ key }) => onDensity(key as Density) }}>
        <button type="button" className="top-button" aria-label={t('list.density')} title={t('list.density')}><ColumnHeightOutlined /></button>
      </Dropdown>
      <Popover trigger="click" placement="bottomRight" title={t('list.columns')} content={chooser}>
        <button type="button" className="top-button" aria-label={t('list.columns')} title={t('list.columns')}><SettingOutlined /></button>
      </Popover>
      <button type="button" className="top-button" aria-label={t('common.print')} title={t('common.print')} onClick={() => window.print()}><PrinterOutlined /></button>
    </span>
  )
}
