import type { Effect, StepResult, Wait } from '#server/runtime/process/core/index.ts'

const OPENS = { createTask: 'task', armTimer: 'timer', callOperation: 'operation' } as const
const CLOSES = { completeTask: 'task', cancelTask: 'task', cancelTimer: 'timer' } as const

/**
 * Rows of tasks, timers and operations as a store keeps them: what an event uses up and what effects close goes first,
 * then rows are renumbered, then new ones are opened. Throws when a row is closed that is not open, or opened twice.
 */
export class OpenRows {
  private rows = new Set<string>()

  private close(row: string): void { if (!this.rows.delete(row)) throw new Error(`closes ${row}, which is not open`) }

  /** `used`: the timer that fired or the operation that answered */
  take({ effects, renumbered }: Pick<StepResult, 'effects' | 'renumbered'>, used?: Pick<Wait, 'kind' | 'token' | 'element'>): void {
    if (used && (used.kind === 'timer' || used.kind === 'operation')) this.close(`${used.kind} ${used.token} ${used.element}`)
    for (const e of effects) {
      const kind = CLOSES[e.kind as keyof typeof CLOSES]
      if (kind && 'token' in e) this.close(`${kind} ${e.token} ${'element' in e ? e.element : ''}`)
      if (e.kind === 'abandon' && e.what === 'operation') this.close(`operation ${e.token} ${e.element}`)
    }
    const to = new Map((renumbered ?? []).map(r => [String(r.from), String(r.to)]))
    this.rows = new Set([...this.rows].map(row => row.replace(/ (\d+) /, (_, id: string) => ` ${to.get(id) ?? id} `)))
    for (const e of effects) this.open(e)
  }
  private open(e: Effect): void {
    const kind = OPENS[e.kind as keyof typeof OPENS]
    if (!kind || !('token' in e) || !('element' in e)) return
    const row = `${kind} ${e.token} ${e.element}`
    if (this.rows.has(row)) throw new Error(`opens ${row} twice`)
    this.rows.add(row)
  }
  list(): string[] { return [...this.rows].sort() }
  /** what the state itself says is waited for; a cycle's next date is the store's business */
  static of(waits: Wait[]): string[] { return waits.filter(w => w.kind === 'task' || w.kind === 'timer' || w.kind === 'operation').map(w => `${w.kind} ${w.token} ${w.element}`).sort() }
}
