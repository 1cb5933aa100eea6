import { PaperClipOutlined } from '@ant-design/icons'
import { Link } from '@remix-run/react'
import type { Cell } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { useZone } from '../shell/use-app.ts'
import { StateTag } from './state-tag.tsx'

const one = (cell: Cell, zone: string, none: string) => {
  const { kind, text } = cell
  if (kind === 'image' && cell.file) return <a href={`/files/${cell.file}?inline=1`} target="_blank" rel="noreferrer"><img className="thumb" src={`/files/${cell.file}?inline=1`} alt={text} loading="lazy" /></a>
  if (kind === 'file' && cell.file) return <a href={`/files/${cell.file}`} target="_blank" rel="noreferrer"><PaperClipOutlined /> {text}</a>
  if (kind === 'state') return text ? <StateTag label={text} {...(cell.colour && { colour: cell.colour })} /> : <span className="muted">{none}</span>
  if (cell.items?.length) return <span className="items">{cell.items.map((item, index) => <span key={index} className="item">{item}</span>)}</span>
  // the server has cleaned it; the presenter cleaned it again
  if (kind === 'rich' && text) return <div className="rich-body shown" dangerouslySetInnerHTML={{ __html: text }} />
  if (!text) return <span className="muted">{none}</span>
  if (cell.href) return <Link to={cell.href}>{text}</Link>
  if (kind === 'date-time') return <time dateTime={text}>{formatTime(text, zone)}</time>
  return <span className={kind === 'number' || kind === 'money' ? 'number' : undefined}>{text}</span>
}

/** A value as the server prepared it; several stand under one another. */
export function CellView({ cell }: { cell: Cell | Cell[] | undefined }) {
  const t = useText()
  const zone = useZone()
  if (!cell) return <span className="muted">{t('common.none')}</span>
  if (Array.isArray(cell)) return <div className="stack">{cell.map((entry, index) => <div key={index}>{one(entry, zone, t('common.none'))}</div>)}</div>
  return one(cell, zone, t('common.none'))
}
