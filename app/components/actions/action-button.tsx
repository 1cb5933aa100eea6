import { Button as AntButton, Dropdown, Tooltip } from 'antd'
import { DownOutlined, EllipsisOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Button } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useActions } from './use-actions.ts'
import type { Subject } from './subject.ts'

/** Every reason, one per line. */
export const Reasons = ({ reasons }: { reasons: string[] }): ReactNode => (reasons.length === 1 ? reasons[0] : <ul className="reasons tight">{reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>)

interface Props { button: Button; subject: Subject; link?: boolean; size?: 'small' | 'middle'; /** shorter than the title, where that stands beside it */ label?: string }

/** A button of a record or list. Impossible ones stay, disabled, and say why; they can still be focused to read it. */
export function ActionButton({ button, subject, link, size = 'middle', label }: Props) {
  const { press, busy } = useActions()
  const off = Boolean(button.disabled?.length)
  const look = link ? { type: 'link' as const, size: 'small' as const } : { type: button.style === 'primary' ? ('primary' as const) : ('default' as const), size }
  const control = (
    <AntButton {...look} danger={button.style === 'danger'} disabled={off || (busy !== null && busy !== button.id)} loading={busy === button.id && !link} onClick={() => press(button, subject)} {...(label && { 'aria-label': `${label} ${button.title}` })}>{label ?? button.title}</AntButton>
  )
  return off ? <Tooltip title={<Reasons reasons={button.disabled ?? []} />}><span tabIndex={0} className="off-button" aria-label={`${button.title}: ${button.disabled?.join('; ')}`}>{control}</span></Tooltip> : control
}

/** Buttons that did not fit, as a menu; reasons stand under the title. */
export function MoreButtons({ buttons, subject, link, title }: { buttons: Button[]; subject: Subject; link?: boolean; title?: string }) {
  const t = useText()
  const { press, busy } = useActions()
  const items = buttons.map((button) => ({
    key: button.id,
    danger: button.style === 'danger',
    disabled: Boolean(button.disabled?.length) || busy !== null,
    label: button.disabled?.length ? <span className="menu-reason">{button.title}<small>{button.disabled.join('；')}</small></span> : button.title,
  }))
  const choose = ({ key }: { key: string }): void => {
    const button = buttons.find((one) => one.id === key)
    if (button) press(button, subject)
  }
  return (
    <Dropdown menu={{ items, onClick: choose }} trigger={['click']}>
      {link ? <AntButton type="link" size="small" aria-label={t('common.more')}>{t('common.more')}<DownOutlined style={{ fontSize: 10 }} /></AntButton>
        : <AntButton icon={title ? undefined : <EllipsisOutlined />} aria-label={title ?? t('common.more')}>{title ? <>{title} <DownOutlined style={{ fontSize: 10 }} /></> : t('common.more')}</AntButton>}
    </Dropdown>
  )
}

/** At most `max` buttons, the rest behind 更多. */
export function ButtonRow({ buttons, subject, max = 3, link, size }: { buttons: Button[]; subject: Subject; max?: number; link?: boolean; size?: 'small' | 'middle' }) {
  const shown = buttons.length > max ? buttons.slice(0, link ? Math.max(1, max - 1) : max) : buttons
  const rest = buttons.slice(shown.length)
  return (
    <span className={link ? 'row-buttons' : 'button-row'}>
      {shown.map((button) => <ActionButton key={button.id} button={button} subject={subject} {...(link && { link })} {...(size && { size })} />)}
      {rest.length ? <MoreButtons buttons={rest} subject={subject} {...(link && { link })} /> : null}
    </span>
  )
}
