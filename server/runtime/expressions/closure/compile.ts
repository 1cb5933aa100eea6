import type { Ir, IrOf } from '../ir/ir.ts'
import type { FeelValue } from '../types.ts'
import { equal, order } from '../values/compare.ts'
import { compareNumbers } from '../values/decimal.ts'
import { fromTenMillionths } from '../values/exact.ts'
import { isNumber, isRow } from '../values/value.ts'
import { OPERATIONS, negated } from './arithmetic.ts'
import { callClosure } from './calls.ts'
import type { Closure } from './context.ts'
import { clock, dynamicMember, idOf, own, property } from './context.ts'
import { instanceOf } from './instance.ts'
import { partsOf } from './plain-numbers.ts'
import { filterClosure, forClosure, indexClosure, mapClosure, quantifiedClosure, rowsClosure, sortClosure } from './loops.ts'

/** The tree as nested functions: compiled once, nothing is looked up or parsed when it runs. */
export const closureOf = (ir: Ir): Closure => {
  switch (ir.k) {
    case 'const': { const value = ir.value; return () => value }
    case 'name': { const name = ir.name; return ({ scope }) => (Object.hasOwn(scope.names, name) ? scope.names[name] ?? null : null) }
    case 'clock': { const name = ir.name; return (run) => clock(run, name) }
    case 'local': { const slot = ir.slot; return (run) => run.locals[slot] ?? null }
    case 'prop': {
      const [base, entity, path] = [closureOf(ir.base), ir.entity, ir.path]
      return (run) => property(run, base(run), entity, path)
    }
    case 'id': { const base = closureOf(ir.base); return (run) => idOf(base(run)) }
    case 'field': {
      const [base, name] = [closureOf(ir.base), ir.name]
      return ir.base.type.kind === 'context' ? (run) => own(base(run), name) : (run) => dynamicMember(run, base(run), name)
    }
    case 'map': return mapClosure(ir)
    case 'and': case 'or': return junction(ir)
    case 'not': { const value = closureOf(ir.value); return (run) => inverse(value(run)) }
    case 'compare': return comparison(ir)
    case 'member': return membership(ir)
    case 'arith': return arithmetic(ir)
    case 'negate': { const value = closureOf(ir.value); return (run) => negated(value(run)) }
    case 'if': {
      const [cond, yes, no] = [closureOf(ir.cond), closureOf(ir.then), closureOf(ir.else)]
      return (run) => (cond(run) === true ? yes(run) : no(run))
    }
    case 'list': { const items = ir.items.map(closureOf); return (run) => items.map((item) => item(run)) }
    case 'context': {
      const entries = ir.entries.map(({ key, value }) => ({ key, value: closureOf(value) }))
      // null prototype: a key called __proto__ is a key like any other
      return (run) => {
        const made = Object.create(null) as { [key: string]: FeelValue }
        for (const { key, value } of entries) made[key] = value(run)
        return made
      }
    }
    case 'rows': return rowsClosure(ir)
    case 'filter': return filterClosure(ir)
    case 'index': return indexClosure(ir)
    case 'for': return forClosure(ir)
    case 'quantified': return quantifiedClosure(ir)
    case 'sort': return sortClosure(ir)
    case 'let': {
      const [slot, value, body] = [ir.slot, closureOf(ir.value), closureOf(ir.body)]
      return (run) => {
        run.locals[slot] = value(run)
        return body(run)
      }
    }
    case 'instance': { const [value, of] = [closureOf(ir.value), ir.of]; return (run) => instanceOf(value(run), of) }
    case 'call': return worked(ir)
  }
}

const arithmetic = (ir: IrOf<'arith'>): Closure => {
  const [left, right, operate, quick] = [closureOf(ir.left), closureOf(ir.right), OPERATIONS[ir.op], partsOf(ir)]
  if (!quick) return (run) => operate(left(run), right(run), run.zone)
  return (run) => {
    const parts = quick(run)
    return Number.isNaN(parts) ? operate(left(run), right(run), run.zone) : fromTenMillionths(parts)
  }
}

/** By plain numbers where they are enough. */
const worked = (ir: IrOf<'call'>): Closure => {
  const [call, quick] = [callClosure(ir), partsOf(ir)]
  if (!quick) return call
  return (run) => {
    const parts = quick(run)
    return Number.isNaN(parts) ? call(run) : fromTenMillionths(parts)
  }
}

const inverse = (value: FeelValue): FeelValue => (typeof value === 'boolean' ? !value : null)

/** Kleene logic; whatever is no boolean counts as unknown. */
const junction = (ir: IrOf<'and' | 'or'>): Closure => {
  const [left, right, decisive] = [closureOf(ir.left), closureOf(ir.right), ir.k === 'or']
  return (run) => {
    const a = left(run)
    if (a === decisive) return decisive
    const b = right(run)
    if (b === decisive) return decisive
    return typeof a === 'boolean' && typeof b === 'boolean' ? !decisive : null
  }
}

const comparison = (ir: IrOf<'compare'>): Closure => {
  const [left, right] = [closureOf(ir.left), closureOf(ir.right)]
  if (ir.op === '=' || ir.op === '!=') {
    const wanted = ir.op === '='
    if (ir.right.k === 'const' && ir.right.value === null) return (run) => ((left(run) ?? null) === null) === wanted
    const [x, y] = [partsOf(ir.left), partsOf(ir.right)]
    if (!x || !y) return (run) => equal(left(run), right(run)) === wanted
    return (run) => {
      const parts = x(run) - y(run)
      return (Number.isNaN(parts) ? equal(left(run), right(run)) : parts === 0) === wanted
    }
  }
  const holds = HOLDS[ir.op]
  const [x, y] = [partsOf(ir.left), partsOf(ir.right)]
  return (run) => {
    const parts = x && y ? x(run) - y(run) : Number.NaN
    if (!Number.isNaN(parts)) return holds(parts)
    const [a, b] = [left(run), right(run)]
    const by = isNumber(a) && isNumber(b) ? compareNumbers(a, b) : order(a, b)
    return by === null ? null : holds(by)
  }
}
const HOLDS: Record<'<' | '<=' | '>' | '>=', (by: number) => boolean> = { '<': (n) => n < 0, '<=': (n) => n <= 0, '>': (n) => n > 0, '>=': (n) => n >= 0 }

const membership = (ir: IrOf<'member'>): Closure => {
  const value = closureOf(ir.value)
  const constants = ir.list.k === 'list' && ir.list.items.every((item) => item.k === 'const' && typeof item.value === 'string')
  if (constants) {
    const known = new Set((ir.list as IrOf<'list'>).items.map((item) => (item as IrOf<'const'>).value))
    return (run) => {
      const found = value(run)
      return known.has(isRow(found) ? found.id : found)
    }
  }
  const list = closureOf(ir.list)
  return (run) => {
    const [found, all] = [value(run), list(run)]
    return Array.isArray(all) ? all.some((item) => equal(item, found)) : all !== null && equal(found, all)
  }
}
