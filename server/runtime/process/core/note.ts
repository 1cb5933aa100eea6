/**
 * A token's note: why it rests other than in its element's own wait.
 * by = arrived at a join over flow `ref` · done = element's effects run · flow = effects of flow `ref` run ·
 * leave = no way on · enter = not yet entered · failed = operation or throw failed · loop = holds the runs of a repeated activity ·
 * undo = waits for compensation handlers · sign = a task that waits for further people to sign.
 * `stuck` = an incident is open.
 */
export type Phase = 'by' | 'done' | 'flow' | 'leave' | 'enter' | 'failed' | 'loop' | 'undo' | 'sign'
export interface Note { phase: Phase; ref: string; outcome: string; stuck: boolean }

export const writeNote = (phase: Phase, ref = '', outcome = '', stuck = false): string =>
  `${stuck ? '!' : ''}${phase}:${ref}:${outcome}`.replace(/:+$/, '')

export const readNote = (note: string | undefined): Note | null => {
  if (!note) return null
  const stuck = note.startsWith('!')
  const [phase, ref = '', outcome = ''] = (stuck ? note.slice(1) : note).split(':')
  return { phase: phase as Phase, ref, outcome, stuck }
}

/** the same note with an incident on it */
export const stick = (note: string): string => (note.startsWith('!') ? note : `!${note}`)
