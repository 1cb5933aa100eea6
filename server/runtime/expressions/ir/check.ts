import { INSTANCE_TYPES, isInstanceType } from '../closure/instance.ts'
import type { Ast, Binding } from '../syntax/ast.ts'
import type { CompileOptions, FeelType } from '../types.ts'
import { decimal } from '../values/decimal.ts'
import { atLiteral } from './at-literal.ts'
import { call } from './calls.ts'
import { checkCompare, checkIn, checkBetween } from './compare.ts'
import type { Env, Job } from './env.ts'
import { bind, newJob, node, problem, quote, read, unknown } from './env.ts'
import { filter } from './filters.ts'
import type { Ir, Loop } from './ir.ts'
import { member } from './members.ts'
import { name } from './names.ts'
import { arithType } from './operators.ts'
import { ANY, BOOLEAN, isKind, join, listOf, NULL, NUMBER, STRING, typeText } from './types.ts'

export interface Checked { ir: Ir; job: Job }

/** Names, types and rules of a parsed expression; `job.problems` says what is wrong. */
export const check = (text: string, ast: Ast, options: CompileOptions): Checked => {
  const job = newJob(options)
  const env: Env = { text, locals: new Map(), self: options.self, names: options.names, inFilter: false }
  return { ir: build(job, env, ast), job }
}

/** One syntax node to a typed node. */
export const build = (job: Job, env: Env, ast: Ast): Ir => {
  const make = (body: Parameters<typeof node>[3]): Ir => node(job, env, ast, body)
  switch (ast.k) {
    case 'null': return make({ k: 'const', value: null, type: NULL })
    case 'boolean': return make({ k: 'const', value: ast.value, type: BOOLEAN })
    case 'string': return make({ k: 'const', value: ast.value, type: STRING })
    case 'number': {
      const value = decimal(ast.value)
      return make({ k: 'const', value, type: { kind: 'number', scale: value.decimalPlaces() } })
    }
    case 'at': return atLiteral(job, env, ast)
    case 'name': return name(job, env, ast)
    case 'path': return path(job, env, ast)
    case 'filter': return filter(job, env, ast)
    case 'call': return call(job, env, ast)
    case 'and': case 'or': return make({ k: ast.k, left: condition(job, env, ast.left), right: condition(job, env, ast.right), type: BOOLEAN })
    case 'compare': return checkCompare(job, env, ast)
    case 'in': return checkIn(job, env, ast)
    case 'between': return checkBetween(job, env, ast)
    case 'arith': {
      const left = build(job, env, ast.left)
      const right = build(job, env, ast.right)
      return make({ k: 'arith', op: ast.op, left, right, type: arithType(job, env, ast, left, right) })
    }
    case 'negate': {
      const value = build(job, env, ast.value)
      if (value.k === 'const' && value.type.kind === 'number') return make({ k: 'const', value: decimal(0).minus(value.value as ReturnType<typeof decimal>), type: value.type })
      if (!isKind(value.type, 'number', 'duration')) problem(job, env, ast, `${quote(value.src)} is a ${typeText(value.type)}, it cannot be negated.`, 'Only numbers and durations can.')
      return make({ k: 'negate', value, type: value.type })
    }
    case 'if': {
      const [cond, yes, no] = [condition(job, env, ast.cond), build(job, env, ast.then), build(job, env, ast.else)]
      return make({ k: 'if', cond, then: yes, else: no, type: join(yes.type, no.type) })
    }
    case 'for': {
      const { vars, inner } = loops(job, env, ast.vars)
      const body = build(job, inner, ast.body)
      return make({ k: 'for', vars, body, type: listOf(body.type) })
    }
    case 'quantified': {
      const { vars, inner } = loops(job, env, ast.vars)
      return make({ k: 'quantified', every: ast.every, vars, body: condition(job, inner, ast.body), type: BOOLEAN })
    }
    case 'list': {
      const items = ast.items.map((item) => build(job, env, item))
      return make({ k: 'list', items, type: listOf(items.map((item) => item.type).reduce(join, NULL)) })
    }
    case 'context': {
      for (const { key } of ast.entries) if (key === '$' || key === '__proto__') problem(job, env, ast, `A context cannot have a member ${quote(key)}.`, 'Use another name.')
      const entries = ast.entries.map(({ key, value }) => ({ key, value: build(job, env, value) }))
      const fields: Record<string, FeelType> = Object.fromEntries(entries.map(({ key, value }) => [key, value.type]))
      return make({ k: 'context', entries, type: { kind: 'context', fields } })
    }
    case 'instance':
      if (!isInstanceType(ast.type)) problem(job, env, ast, `There is no type ${quote(ast.type)}.`, `Types are: ${INSTANCE_TYPES.join(', ')}.`)
      return make({ k: 'instance', value: build(job, env, ast.value), of: ast.type, type: BOOLEAN })
    case 'interval':
      problem(job, env, ast, 'A range stands only after `in`, or in `for i in 1..n`.', 'Write `x in [1..5]`.')
      return unknown(job, env, ast)
    case 'function':
      problem(job, env, ast, 'A function is only the second argument of sort().', 'Make it a named rule: `rules.name(…)`.')
      return unknown(job, env, ast)
  }
}

/** A node whose value decides something: anything but a boolean there is a mistake. */
export const condition = (job: Job, env: Env, ast: Ast): Ir => {
  const ir = build(job, env, ast)
  if (!isKind(ir.type, 'boolean')) problem(job, env, ast, `${quote(ir.src)} is a ${typeText(ir.type)}, a condition (true or false) is needed here.`, 'Compare it with something, e.g. `x != null`.')
  return ir
}

const path = (job: Job, env: Env, ast: Extract<Ast, { k: 'path' }>): Ir => {
  if (ast.base.k === 'name' && ast.base.name === 'args' && env.args) {
    const arg = env.args.get(ast.name)
    if (arg) return node(job, env, ast, { k: 'local', slot: arg.slot, name: ast.name, type: arg.type, ...(arg.origin ? { origin: arg.origin } : {}) })
    problem(job, env, ast, `The rule has no argument ${quote(ast.name)}.`, `Its arguments are: ${[...env.args.keys()].join(', ')}.`)
    return unknown(job, env, ast)
  }
  return member(job, env, ast, build(job, env, ast.base), ast.name)
}

const loops = (job: Job, env: Env, vars: Binding[]): { vars: Loop[]; inner: Env } => {
  let inner = env
  const made = vars.map((each): Loop => {
    const list = build(job, inner, each.in)
    const upto = each.to && build(job, inner, each.to)
    const slot = job.slots++
    if (upto) for (const end of [list, upto]) if (!isKind(end.type, 'number')) problem(job, env, end, `${quote(end.src)} is a ${typeText(end.type)}, a run goes from number to number.`, 'Write `1..n`.')
    if (!upto && !isKind(list.type, 'list')) problem(job, env, list, `${quote(list.src)} is a ${typeText(list.type)}, not a list.`, 'Loop over a list, an inverse or rows("…").')
    read(job, list.origin)
    const type = upto ? NUMBER : list.type.kind === 'list' ? list.type.of : ANY
    inner = bind(inner, each.name, { slot, type, ...(list.origin ? { origin: list.origin } : {}) })
    return { slot, list, ...(upto ? { upto } : {}) }
  })
  return { vars: made, inner }
}
