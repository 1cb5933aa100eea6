import { FeelRuntimeError } from '../errors.ts'
import type { IrOf, Loop } from '../ir/ir.ts'
import type { FeelValue } from '../types.ts'
import { asDouble, decimal } from '../values/decimal.ts'
import { asList, isNumber } from '../values/value.ts'
import { closureOf } from './compile.ts'
import type { Closure, Run } from './context.ts'
import { dynamicMember, factsOf, step } from './context.ts'

const MAX_RUN = 100_000

export const mapClosure = (ir: IrOf<'map'>): Closure => {
  const [list, slot, body] = [closureOf(ir.list), ir.slot, closureOf(ir.body)]
  return (run) => {
    const all = list(run)
    return all === null ? null : asList(all).map((item) => {
      step(run)
      run.locals[slot] = item
      return body(run)
    })
  }
}

export const rowsClosure = (ir: IrOf<'rows'>): Closure => {
  const entity = ir.entity
  return (run) => factsOf(run).rows(entity, [])
}

/** rows("…")[…] asks the store by the columns that must be equal, then applies the whole condition itself. */
export const filterClosure = (ir: IrOf<'filter'>): Closure => {
  const [slot, cond] = [ir.slot, closureOf(ir.cond)]
  const list = ir.list.k === 'rows' ? narrowed(ir.list.entity, ir.equals) : closureOf(ir.list)
  return (run) => asList(list(run)).filter((item) => {
    step(run)
    run.locals[slot] = item
    return cond(run) === true
  })
}
const narrowed = (entity: string, equals: IrOf<'filter'>['equals']): Closure => {
  const asked = equals.map(({ path, value }) => ({ path, value: closureOf(value) }))
  return (run) => factsOf(run).rows(entity, asked.map(({ path, value }) => ({ path, value: value(run) })))
}

/** From 1; negative counts from the end; null outside. */
export const indexClosure = (ir: IrOf<'index'>): Closure => {
  if (ir.list.k === 'field' && ir.list.base.type.kind !== 'context') return memberIndex(ir, ir.list)
  const [list, at] = [closureOf(ir.list), closureOf(ir.at)]
  return (run) => {
    const [all, place] = [asList(list(run)), at(run)]
    if (!isNumber(place)) return null
    const n = asDouble(place)
    return (n > 0 ? all[n - 1] : n < 0 ? all[all.length + n] : null) ?? null
  }
}

/** `list.name[1]` asks one item of the list for its member, not all of them. */
const memberIndex = (ir: IrOf<'index'>, { base, name }: IrOf<'field'>): Closure => {
  const [list, at] = [closureOf(base), closureOf(ir.at)]
  return (run) => {
    const [value, place] = [list(run), at(run)]
    if (!isNumber(place)) return null
    const n = place.toNumber()
    const all = Array.isArray(value) ? value : asList(dynamicMember(run, value, name))
    const item = (n > 0 ? all[n - 1] : n < 0 ? all[all.length + n] : null) ?? null
    return Array.isArray(value) ? dynamicMember(run, item, name) : item
  }
}

/** Runs `each` for every combination of the loop variables until it returns true. */
const iterate = (vars: Loop[]): ((run: Run, each: () => boolean) => boolean) => {
  const loops = vars.map((v) => ({ slot: v.slot, list: closureOf(v.list), upto: v.upto && closureOf(v.upto) }))
  const at = (run: Run, i: number, each: () => boolean): boolean => {
    const loop = loops[i]
    if (!loop) return each()
    const visit = (item: FeelValue): boolean => {
      step(run)
      run.locals[loop.slot] = item
      return at(run, i + 1, each)
    }
    return loop.upto ? within(loop.list(run), loop.upto(run), visit) : asList(loop.list(run)).some(visit)
  }
  return (run, each) => at(run, 0, each)
}

/** Whole numbers from one to the other, up or down, until one is enough. */
const within = (from: FeelValue, to: FeelValue, visit: (item: FeelValue) => boolean): boolean => {
  if (!isNumber(from) || !isNumber(to) || !from.isInteger() || !to.isInteger()) return false
  const [a, b] = [asDouble(from), asDouble(to)]
  if (Math.abs(b - a) >= MAX_RUN) throw new FeelRuntimeError(`A run from ${a} to ${b} is longer than ${MAX_RUN}.`)
  const way = a <= b ? 1 : -1
  for (let n = a; n !== b + way; n += way) if (visit(decimal(n))) return true
  return false
}

export const forClosure = (ir: IrOf<'for'>): Closure => {
  const [loop, body] = [iterate(ir.vars), closureOf(ir.body)]
  return (run) => {
    const made: FeelValue[] = []
    loop(run, () => {
      made.push(body(run))
      return false
    })
    return made
  }
}

/** Never null: `some` holds when the condition is true once, `every` when it is always true (null is not true). */
export const quantifiedClosure = (ir: IrOf<'quantified'>): Closure => {
  const [loop, body, every] = [iterate(ir.vars), closureOf(ir.body), ir.every]
  return (run) => loop(run, () => (body(run) === true) !== every) !== every
}

export const sortClosure = (ir: IrOf<'sort'>): Closure => {
  const [list, left, right, body] = [closureOf(ir.list), ir.left, ir.right, closureOf(ir.body)]
  const before = (run: Run, a: FeelValue, b: FeelValue): boolean => {
    step(run)
    run.locals[left] = a
    run.locals[right] = b
    return body(run) === true
  }
  return (run) => [...asList(list(run))].sort((a, b) => (before(run, a, b) ? -1 : before(run, b, a) ? 1 : 0))
}
