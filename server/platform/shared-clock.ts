import { mkdirSync, readFileSync, renameSync, writeFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemClock, type Clock, type VirtualClock } from './clock.ts'

interface Stored { offset: number; frozenAt: number | null }
const RELOAD_MS = 250

const load = (file: string): Stored => {
  try { return JSON.parse(readFileSync(file, 'utf8')) as Stored }
  catch (e) { if ((e as NodeJS.ErrnoException).code === 'ENOENT') return { offset: 0, frozenAt: null }; throw e }
}

export interface SharedClock extends VirtualClock {
  /** back to real time */
  reset(): void
}

/**
 * A clock that several processes share through one small file: real time plus an offset, or frozen at an instant.
 * `set` freezes, `advance` moves what is there. Others see a change within 250 ms.
 */
export const sharedClock = (file: string, base: Clock = systemClock): SharedClock => {
  let state = load(file)
  let seen = base.now()
  let stamp = modified(file)
  const refresh = (): void => {
    const at = base.now()
    if (Math.abs(at - seen) < RELOAD_MS) return
    seen = at
    const m = modified(file)
    if (m !== stamp) { stamp = m; state = load(file) }
  }
  const save = (next: Stored): void => {
    mkdirSync(dirname(file), { recursive: true })
    const draft = `${file}.${process.pid}.tmp`
    writeFileSync(draft, JSON.stringify(next))
    renameSync(draft, file)
    state = next
    stamp = modified(file)
  }
  const now = (): number => { refresh(); return state.frozenAt ?? base.now() + state.offset }
  return {
    now,
    set: (at) => save({ offset: at - base.now(), frozenAt: at }),
    advance: (ms) => { state = load(file); save({ offset: state.offset + ms, frozenAt: state.frozenAt === null ? null : state.frozenAt + ms }) },
    reset: () => save({ offset: 0, frozenAt: null }),
  }
}

const modified = (file: string): number => {
  try { return statSync(file, { bigint: false }).mtimeMs }
  catch (e) { if ((e as NodeJS.ErrnoException).code === 'ENOENT') return 0; throw e }
}
