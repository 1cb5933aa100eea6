import type { Instance } from './build.ts'

/** Keeps open rows the way a store does: closes first, then renumbers, then opens. */
export class Ledger {
  private rows = new Set<string>()

  take(i: Pick<Instance, 'effects' | 'renumbered'>): this {
    const close = (key: string): void => { if (!this.rows.delete(key)) throw new Error(`closes ${key}, which is not open`) }
    for (const e of i.effects) if (e.kind === 'completeTask' || e.kind === 'cancelTask') close(`task ${e.token} ${e.element}`)
    const to = new Map((i.renumbered ?? []).map(r => [String(r.from), String(r.to)]))
    this.rows = new Set([...this.rows].map(row => row.replace(/ (\d+) /, (_, id: string) => ` ${to.get(id) ?? id} `)))
    for (const e of i.effects) {
      if (e.kind !== 'createTask') continue
      const key = `task ${e.token} ${e.element}`
      if (this.rows.has(key)) throw new Error(`opens ${key} twice`)
      this.rows.add(key)
    }
    return this
  }
  open(kind: string): string[] { return [...this.rows].filter(r => r.startsWith(`${kind} `)).map(r => r.slice(kind.length + 1)).sort() }
}
