import { BellOutlined } from '@ant-design/icons'
import { Link } from '@remix-run/react'
import { Badge, Empty, Popover } from 'antd'
import { useState } from 'react'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { useAsk } from '../ui/ask.ts'
import { useApp } from './use-app.ts'

interface Note { id: string; title: string; body: string; at: string; href?: string; read: boolean }

/** The to-do number, and the notifications; opening them marks them as read. */
export function NotificationBell() {
  const t = useText()
  const ask = useAsk()
  const { shell } = useApp()
  const [notes, setNotes] = useState<Note[] | null>(null)
  const [seen, setSeen] = useState(false)
  const load = async (open: boolean): Promise<void> => {
    if (!open) return
    const result = await ask<{ items: Note[] }>('notifications', {})
    if (!result.ok) return
    setNotes(result.items)
    setSeen(true)
    const unread = result.items.filter((note) => !note.read).map((note) => note.id)
    if (unread.length) void ask('notifications', { read: unread })
  }
  const content = (
    <div className="notes">
      <Link to="/tasks" className="notes-tasks">{t('app.tasks')} <b>{shell.tasks}</b></Link>
      {notes?.length ? notes.slice(0, 12).map((note) => (
        <div key={note.id} className={note.read ? 'note-item' : 'note-item unread'}>
          {note.href ? <Link to={note.href}>{note.title}</Link> : <b>{note.title}</b>}
          <p>{note.body}</p>
          <small>{formatTime(note.at, shell.zone)}</small>
        </div>
      )) : <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('app.notifications.none')} />}
    </div>
  )
  const unseen = seen ? 0 : shell.notifications
  return (
    <Popover content={content} trigger="click" placement="bottomRight" title={t('app.notifications')} onOpenChange={(open) => void load(open)}>
      <button type="button" className="top-button" aria-label={`${t('app.tasks')} ${shell.tasks}, ${t('app.notifications')} ${unseen}`}>
        <Badge count={shell.tasks + unseen} size="small" overflowCount={99}><BellOutlined style={{ fontSize: 17 }} /></Badge>
      </button>
    </Popover>
  )
}
