import { allCatches } from './catches.ts'
import { readNote } from './note.ts'
import { elementOf, incident, type Run } from './run.ts'

const LIVE = ['message', 'timer', 'signal', 'conditional']

/** Nothing is left that could move any token: joins wait for one another. Lint refuses such diagrams; where one runs nevertheless it is not to stop in silence. */
export function tellDeadlock(run: Run): void {
  const waiting = run.tokens.filter(t => { const n = readNote(t.note); return n?.phase === 'by' && !n.stuck })
  const [first] = waiting
  if (run.ended || !first) return
  if (run.tokens.some(t => !waiting.includes(t) && !elementOf(run, t.at).type.toLowerCase().endsWith('subprocess'))) return
  if (allCatches(run).some(c => LIVE.includes(c.event.event ?? ''))) return
  const at = [...new Set(waiting.map(t => t.at))].join(', ')
  incident(run, first, 'deadlock', `${at}: every token waits at a join and nothing can move any of them; let every branch that was split come to its join, and move the instance to the mended version`, `流程停在汇合处“${elementOf(run, first.at).name || first.at}”，没有任何事项能使其继续，请联系管理员修改流程`)
}
