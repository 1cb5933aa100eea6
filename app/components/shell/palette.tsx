import { SearchOutlined } from '@ant-design/icons'
import { useNavigate } from '@remix-run/react'
import { Input, Modal } from 'antd'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useText } from '#app/text/use-text.ts'
import { useAsk } from '../ui/ask.ts'
import { findMenu, type PaletteItem } from './palette-items.ts'
import { useApp } from './use-app.ts'

const SEARCH_DELAY_MS = 200

/** Ctrl K: the menu by any part of its words, and records when the server offers a search. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal open={open} onCancel={onClose} footer={null} closable={false} width={560} style={{ top: 80 }} destroyOnHidden styles={{ body: { padding: 0 } }}>
      {open ? <PaletteBody onClose={onClose} /> : null}
    </Modal>
  )
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const t = useText()
  const ask = useAsk()
  const navigate = useNavigate()
  const { shell } = useApp()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [found, setFound] = useState<{ for: string; items: PaletteItem[] }>({ for: '', items: [] })
  const running = useRef<AbortController | null>(null)
  const menu = useMemo(() => findMenu(shell.menu, text), [shell.menu, text])
  const records = text.trim() && found.for === text ? found.items : []
  const items = [...menu, ...records]

  useEffect(() => {
    const wanted = text.trim()
    if (!wanted) return
    const timer = setTimeout(() => {
      running.current?.abort()
      running.current = new AbortController()
      void ask<{ items: { title: string; what: string; href: string }[] }>('search', { text: wanted }, running.current.signal).then((result) => {
        if (result.ok) setFound({ for: text, items: result.items })
      })
    }, SEARCH_DELAY_MS)
    return () => clearTimeout(timer)
  }, [ask, text])

  const go = (item: PaletteItem | undefined): void => {
    if (!item) return
    onClose()
    navigate(item.href)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt((n) => Math.min(n + 1, items.length - 1))
    else if (event.key === 'ArrowUp') setAt((n) => Math.max(n - 1, 0))
    else if (event.key === 'Enter') go(items[at])
    else return
    event.preventDefault()
  }
  return (
    <div className="palette">
      <Input autoFocus size="large" variant="borderless" prefix={<SearchOutlined />} placeholder={t('app.search.hint')} value={text} onKeyDown={onKeyDown}
        onChange={(event) => { setText(event.target.value); setAt(0) }} role="combobox" aria-expanded aria-controls="palette-list" aria-activedescendant={`palette-${at}`} />
      <ul id="palette-list" role="listbox" aria-label={t('app.search')}>
        {items.map((item, index) => (
          <li key={`${item.href} ${index}`} id={`palette-${index}`} role="option" aria-selected={index === at} onMouseEnter={() => setAt(index)} onClick={() => go(item)}>
            <span>{item.title}</span><small>{item.what}</small>
          </li>
        ))}
        {items.length ? null : <li className="muted">{t('app.search.none')}</li>}
      </ul>
      <p className="palette-keys">{t('app.search.keys')}</p>
    </div>
  )
}
