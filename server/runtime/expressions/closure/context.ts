import { FeelRuntimeError } from '../errors.ts'
import type { EntityRow, FeelValue, Facts, Scope, WorkCalendar } from '../types.ts'
import { dateOfInstant } from '../values/temporal.ts'
import { instant, isContext, isRow } from '../values/value.ts'
import { accessor } from './accessors.ts'

/** One evaluation. `locals` holds the slots of loops, filters and rule arguments. */
export interface Run {
  scope: Scope
  now: number
  zone: string
  facts: Facts | undefined
  calendar: WorkCalendar | undefined
  locals: FeelValue[]
  steps: number
}
export type Closure = (run: Run) => FeelValue

const MAX_STEPS = 2_000_000

export const newRun = (scope: Scope, slots: number, calendar: WorkCalendar | undefined): Run =>
  ({ scope, now: scope.now, zone: scope.zone, facts: scope.facts, calendar: scope.calendar ?? calendar, locals: new Array<FeelValue>(slots), steps: 0 })

export const step = (run: Run): void => {
  if (++run.steps > MAX_STEPS) throw new FeelRuntimeError(`The expression took more than ${MAX_STEPS} steps; filter its lists by a column first.`)
}

export const clock = (run: Run, name: 'now' | 'today'): FeelValue => (name === 'now' ? instant(run.now) : dateOfInstant(run.now, run.zone))

export const factsOf = (run: Run): Facts => {
  if (!run.facts) throw new FeelRuntimeError('The expression reads records, but the scope brings no facts.')
  return run.facts
}

/** Own members only: `__proto__` and `constructor` of a context are no members. */
export const own = (value: FeelValue, name: string): FeelValue => (isContext(value) && Object.hasOwn(value, name) ? value[name] ?? null : null)

/** A property of a record; a reference that arrived as a bare id is made a row first. */
export const property = (run: Run, base: FeelValue, entity: string, path: readonly string[]): FeelValue => {
  if (base === null || base === undefined) return null
  const row: FeelValue = typeof base === 'string' ? { $: 'row', entity, id: base } satisfies EntityRow : base
  let value: FeelValue = isRow(row) ? factsOf(run).property(row, path[0]!) ?? null : own(row, path[0]!)
  for (let i = 1; i < path.length; i++) value = own(value, path[i]!)
  return value
}

/** A member of a value whose type is not known before. */
export const dynamicMember = (run: Run, base: FeelValue, name: string): FeelValue => {
  if (base === null || base === undefined || typeof base !== 'object') return null
  if (Array.isArray(base)) {
    return base.map((item) => {
      step(run)
      return dynamicMember(run, item, name)
    })
  }
  if (isRow(base)) return name === 'id' ? base.id : factsOf(run).property(base, name) ?? null
  return isContext(base) ? own(base, name) : accessor(base, name, run.zone)
}

export const idOf = (base: FeelValue): FeelValue => (isRow(base) ? base.id : typeof base === 'string' ? base : own(base, 'id'))
