import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answering } from '#tests/support/process/build.ts'
import { Ledger } from '#tests/support/process/ledger.ts'
import { blocks, complete, enter, open, processOf, type Block, type Going } from '#tests/support/process/structured.ts'
import { move, tasksIn } from '#tests/support/process/structured-moves.ts'
import { isRefusal, step } from './step.ts'
import { start } from './start.ts'
import type { CompiledProcess, CoreEvent, Effect, Evaluate, State, Token } from './types.ts'

/** People asked before or after, by task. */
interface Signs { open: number; how?: 'before' | 'after'; after: number; held?: string }
interface Model { block: Block; going: Going; signs: Map<string, Signs> }
class Real {
  state: State = { marking: { tokens: [], scopes: [], next: 1 }, variables: {} }
  readonly ledger = new Ledger()
  readonly process: CompiledProcess
  readonly evaluate: Evaluate
  constructor(process: CompiledProcess, answers: Record<string, unknown>) {
    this.process = process
    this.evaluate = answering(answers)
    const begun = start(process, { kind: 'start' }, this.evaluate)
    if (isRefusal(begun)) throw new Error(begun.message)
    this.take(begun)
  }
  private take(r: { state: State; effects: Effect[]; renumbered?: { from: number; to: number }[] }): void {
    this.ledger.take({ effects: r.effects, renumbered: r.renumbered })
    this.state = r.state
  }
  /** true when it was refused; a copy of the state goes on alike */
  send(event: CoreEvent): boolean {
    const copy = JSON.parse(JSON.stringify(this.state)) as State
    const r = step(this.process, this.state, event, this.evaluate)
    expect(step(this.process, copy, event, this.evaluate)).toEqual(r)
    if (isRefusal(r)) return true
    this.take(r)
    return false
  }
  task(id: string): Token { const t = this.state.marking.tokens.find(x => x.at === id && x.nth === undefined); if (!t) throw new Error(`no token at ${id}`); return t }
  signer(id: string): Token { const t = this.state.marking.tokens.find(x => x.at === id && x.nth !== undefined); if (!t) throw new Error(`nobody signs ${id}`); return t }
}

const pick = <T>(list: T[], n: number): T => list[n % list.length] as T
const waiting = (m: Model): string[] => open(m.block, m.going).filter(id => m.signs.get(id)?.how === undefined)
const forget = (m: Model): void => { const still = open(m.block, m.going); for (const id of m.signs.keys()) if (!still.includes(id)) m.signs.delete(id) }

function same(m: Model, r: Real): void {
  const tasks = open(m.block, m.going)
  const rows = tasks.flatMap(id => { const s = m.signs.get(id); return [...(s?.how === 'after' ? [] : [id]), ...Array.from({ length: s?.open ?? 0 }, () => id)] })
  expect(r.ledger.open('task').map(row => row.split(' ')[1]).sort()).toEqual(rows.sort())
  expect(r.state.marking.ended ?? false).toBe(m.going === null)
}

class Do implements fc.Command<Model, Real> {
  readonly n: number; readonly again: boolean
  constructor(n: number, again: boolean) { this.n = n; this.again = again }
  check(m: Readonly<Model>): boolean { return waiting(m as Model).length > 0 }
  run(m: Model, r: Real): void {
    const id = pick(waiting(m), this.n)
    const outcome = this.again && r.process.elements[id]?.outcomes.some(o => o.id === 'again') ? 'again' : 'ok'
    const signs = m.signs.get(id)
    expect(r.send({ kind: 'outcome', token: r.task(id).id, outcome })).toBe(false)
    if (signs && signs.after > 0) m.signs.set(id, { open: signs.after, how: 'after', after: 0, held: outcome })
    else { m.signs.delete(id); m.going = complete(m.block, m.going, id, outcome) }
    same(m, r)
  }
  toString(): string { return `do ${this.n}${this.again ? ' again' : ''}` }
}

class Ask implements fc.Command<Model, Real> {
  readonly n: number; readonly how: 'before' | 'after'; readonly people: number
  constructor(n: number, how: 'before' | 'after', people: number) { this.n = n; this.how = how; this.people = people }
  check(m: Readonly<Model>): boolean { return waiting(m as Model).length > 0 }
  run(m: Model, r: Real): void {
    const id = pick(waiting(m), this.n)
    expect(r.send({ kind: 'addSigners', token: r.task(id).id, how: this.how, who: Array.from({ length: this.people }, (_, i) => `p${i}`) })).toBe(false)
    const before = m.signs.get(id) ?? { open: 0, after: 0 }
    m.signs.set(id, this.how === 'before' ? { ...before, open: this.people, how: 'before' } : { ...before, after: before.after + this.people })
    same(m, r)
  }
  toString(): string { return `ask ${this.people} ${this.how} ${this.n}` }
}

class Sign implements fc.Command<Model, Real> {
  readonly n: number; readonly agree: boolean
  constructor(n: number, agree: boolean) { this.n = n; this.agree = agree }
  check(m: Readonly<Model>): boolean { return [...m.signs.values()].some(s => s.open > 0) }
  run(m: Model, r: Real): void {
    const [id, s] = pick([...m.signs].filter(([, x]) => x.open > 0), this.n)
    expect(r.send({ kind: 'outcome', token: r.signer(id).id, outcome: this.agree ? 'agree' : 'disagree' })).toBe(false)
    if (s.how === 'after' && !this.agree) m.signs.set(id, { open: 0, after: 0 })
    else if (s.open > 1) m.signs.set(id, { ...s, open: s.open - 1 })
    else if (s.how === 'before') m.signs.set(id, { open: 0, after: s.after })
    else { m.signs.delete(id); m.going = complete(m.block, m.going, id, s.held ?? 'ok') }
    same(m, r)
  }
  toString(): string { return `sign ${this.n} ${this.agree ? 'agree' : 'disagree'}` }
}

class Go implements fc.Command<Model, Real> {
  readonly n: number; readonly to: number; readonly whose: boolean
  constructor(n: number, to: number, whose: boolean) { this.n = n; this.to = to; this.whose = whose }
  check(m: Readonly<Model>): boolean { return waiting(m as Model).length > 0 }
  run(m: Model, r: Real): void {
    const from = this.whose ? pick(waiting(m), this.n) : undefined
    const to = pick(tasksIn(m.block), this.to)
    const went = move(m.block, m.going, to, from)
    expect(r.send({ kind: 'move', to, ...(from === undefined ? {} : { token: r.task(from).id }) })).toBe(went === 'no')
    if (went === 'no') return
    // the target is begun anew: nobody signs it any more
    m.signs.delete(to)
    m.going = went
    forget(m)
    same(m, r)
  }
  toString(): string { return `go ${this.whose ? this.n : 'all'} -> ${this.to}` }
}

const commands = fc.commands([
  fc.tuple(fc.nat(20), fc.boolean()).map(([n, again]) => new Do(n, again)),
  fc.tuple(fc.nat(20), fc.constantFrom('before' as const, 'after' as const), fc.integer({ min: 1, max: 3 })).map(([n, how, people]) => new Ask(n, how, people)),
  fc.tuple(fc.nat(20), fc.boolean()).map(([n, agree]) => new Sign(n, agree)),
  fc.tuple(fc.nat(20), fc.nat(50), fc.boolean()).map(([n, to, whose]) => new Go(n, to, whose)),
], { maxCommands: 25 })

describe('every mix of outcomes, signatures, returns and jumps', () => {
  it('loses and doubles no task, can always be finished, and a copy goes on alike', () => {
    fc.assert(fc.property(blocks, commands, (block, list) => {
      const { process, answers } = processOf(block)
      const model: Model = { block, going: enter(block), signs: new Map() }
      const real = new Real(process, answers)
      fc.modelRun(() => ({ model, real }), list)
      for (let n = 0; model.going !== null; n++) {
        if (n > 500) throw new Error('it is never over')
        if ([...model.signs.values()].some(s => s.open > 0)) new Sign(0, true).run(model, real)
        else new Do(0, false).run(model, real)
      }
      expect(real.state.marking.tokens).toEqual([])
      expect(real.state.variables).toEqual({})
    }), { numRuns: 300 })
  })
})
