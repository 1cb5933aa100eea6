import { fire } from './fire.ts'
import { stick, writeNote } from './note.ts'
import { elementOf, incident, type Run, type WorkToken } from './run.ts'

const catcherOn = (run: Run, host: WorkToken, code: string): string | undefined => {
  if (host.nth !== undefined) return undefined
  const events = (run.process.index.boundaries[host.at] ?? []).map(id => elementOf(run, id)).filter(e => e.event === 'error')
  return (events.find(e => e.errorCode === code) ?? events.find(e => e.errorCode === undefined))?.id
}

/** Hands the error to the nearest error boundary, from `from` outwards; false when nobody catches it. */
export function raise(run: Run, from: WorkToken | undefined, error: { code: string; message: string }): boolean {
  for (let host = from; host; host = run.tokens.find(t => t.id === host?.scope)) {
    const event = catcherOn(run, host, error.code)
    if (event === undefined) continue
    fire(run, { token: host.id, event: elementOf(run, event), how: 'boundary' }, { error })
    return true
  }
  return false
}

/** An error end event; uncaught it is an incident, for a process that fails must not look finished. */
export function raiseEnd(run: Run, token: WorkToken): void {
  const el = elementOf(run, token.at)
  const code = el.errorCode ?? ''
  const host = run.tokens.find(t => t.id === token.scope)
  if (raise(run, host, { code, message: el.name })) return
  token.note = stick(writeNote('leave'))
  incident(run, token, 'uncaughtError', `${el.id}: error "${code}" is caught by no boundary event; draw one on the enclosing sub-process`, `“${el.name || el.id}”抛出的错误没有处理步骤，请联系管理员`)
}
