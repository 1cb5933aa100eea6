import { Link } from '@remix-run/react'
import type { TaskView } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { useZone } from '../shell/use-app.ts'

/** To-dos with what is due first. */
export function TaskList({ tasks }: { tasks: TaskView[] }) {
  const t = useText()
  const zone = useZone()
  return (
    <ul className="task-list">
      {tasks.map((task) => (
        <li key={task.id}>
          <Link to={task.href}>
            <span className="task-what"><b>{task.what}</b><span>{task.title}</span></span>
            <span className="task-when">{task.due ? <span className={task.overdue ? 'due over' : 'due'}>{task.overdue ? `${t('task.overdue')} ` : ''}{t('record.due', { at: formatTime(task.due, zone) })}</span> : <span className="muted">{formatTime(task.since, zone)}</span>}<span className="muted">{task.status}</span></span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
