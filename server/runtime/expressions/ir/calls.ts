import { nearest } from '../errors.ts'
import { BUILTINS } from '../functions/index.ts'
import type { Builtin, Param } from '../functions/define.ts'
import { PATTERN_FUNCTIONS } from '../functions/strings.ts'
import { safePattern } from '../functions/pattern.ts'
import type { Ast } from '../syntax/ast.ts'
import type { FeelType } from '../types.ts'
import { parseDuration } from '../values/temporal.ts'
import { daysOfIso } from '../values/civil.ts'
import { plainDate } from '../values/value.ts'
import { build } from './check.ts'
import type { Env, Job } from './env.ts'
import { bind, node, problem, quote, read, unknown } from './env.ts'
import type { Ir } from './ir.ts'
import { measureArgs } from './measures.ts'
import { ruleCall } from './rules.ts'
import { BOOLEAN, isKind, listOf, open, typeText } from './types.ts'

type Call = Extract<Ast, { k: 'call' }>

export const call = (job: Job, env: Env, ast: Call): Ir => {
  const callee = ast.callee
  if (callee.k === 'path' && callee.base.k === 'name' && callee.base.name === 'rules') return ruleCall(job, env, ast, callee.name)
  if (callee.k !== 'name') {
    problem(job, env, ast, `${quote(env.text.slice(callee.from, callee.to))} is not a function.`, 'Call a function by its name, or a rule as rules.name(…).')
    return unknown(job, env, ast)
  }
  if (callee.name === 'now' || callee.name === 'today') {
    problem(job, env, ast, `${quote(`${callee.name}()`)} would ask the server's clock.`, `Write ${callee.name}: the time of the event, in the family's zone.`)
    return unknown(job, env, ast)
  }
  if (callee.name === 'rows') return rowsCall(job, env, ast)
  if (callee.name === 'sort') return sortCall(job, env, ast)
  const builtin = BUILTINS.get(callee.name)
  if (builtin) return builtinCall(job, env, ast, builtin)
  const known = [...BUILTINS.keys(), 'rows', 'sort']
  problem(job, env, callee, `There is no function ${quote(callee.name)}.`, `Near it: ${nearest(callee.name, known).join(', ')}. All: ${known.sort().join(', ')}.`)
  return unknown(job, env, ast)
}

const builtinCall = (job: Job, env: Env, ast: Call, builtin: Builtin): Ir => {
  const given = positional(job, env, ast, builtin)
  const args = job.options.measure ? measureArgs(job, env, ast, builtin.name, given) : given.map((arg) => build(job, env, arg))
  const needed = builtin.params.filter((p) => !p.optional).length
  if (args.length < needed || (!builtin.variadic && args.length > builtin.params.length)) {
    problem(job, env, ast, `${builtin.name} was given ${args.length} argument${args.length === 1 ? '' : 's'}.`, `It is ${builtin.signature}.`)
    return unknown(job, env, ast)
  }
  args.forEach((arg, i) => {
    const param = builtin.params[Math.min(i, builtin.params.length - 1)]!
    if (!fits(arg.type, param)) problem(job, env, given[i] ?? ast, `${quote(arg.src)} is a ${typeText(arg.type)}, ${builtin.name} needs a ${param.kinds.join(' or ')} there.`, `It is ${builtin.signature}.`)
  })
  for (const arg of args) if (arg.type.kind === 'list') read(job, arg.origin)
  if (builtin.name === 'not') return node(job, env, ast, { k: 'not', value: args[0]!, type: BOOLEAN })
  const folded = fold(job, env, ast, builtin.name, args)
  if (folded) return folded
  const pattern = PATTERN_FUNCTIONS.has(builtin.name) ? patternOf(job, env, ast, builtin, args) : {}
  return node(job, env, ast, { k: 'call', fn: builtin.name, args, type: builtin.result(args.map((arg) => arg.type)), ...pattern })
}

const fits = (type: FeelType, param: Param): boolean => {
  if (open(type) || param.kinds.includes('any')) return true
  if (param.kinds.includes('temporal') && ['date', 'time', 'date-time'].includes(type.kind)) return true
  if (type.kind === 'entity' && param.kinds.includes('string')) return true
  return param.kinds.some((kind) => kind === type.kind)
}

/** Named arguments in the order of the signature. */
const positional = (job: Job, env: Env, ast: Call, builtin: Builtin): Ast[] => {
  if (!ast.named) return ast.args
  for (const name of ast.named) {
    if (!builtin.params.some((p) => p.name === name)) problem(job, env, ast, `${builtin.name} has no argument ${quote(name)}.`, `It is ${builtin.signature}.`)
  }
  const found = builtin.params.map((p) => ast.args[ast.named!.indexOf(p.name)])
  const last = found.findLastIndex((arg) => arg !== undefined)
  return found.slice(0, last + 1).map((arg): Ast => arg ?? { k: 'null', from: ast.to, to: ast.to })
}

/** Literal dates and durations are read once, and a wrong one is said at once. */
const fold = (job: Job, env: Env, ast: Call, fn: string, args: Ir[]): Ir | null => {
  const [first] = args
  if (args.length !== 1 || first?.k !== 'const' || typeof first.value !== 'string') return null
  const value = fn === 'duration' ? parseDuration(first.value) : fn === 'date' ? (daysOfIso(first.value) === null ? null : plainDate(first.value)) : undefined
  if (value === undefined) return null
  if (value === null) problem(job, env, ast, `"${first.value}" is no ${fn}.`, fn === 'date' ? 'Write "2026-05-20".' : 'Write "P7D", "PT15M", "P1M" or "P1Y".')
  return node(job, env, ast, { k: 'const', value, type: { kind: fn as 'date' | 'duration' } })
}

const patternOf = (job: Job, env: Env, ast: Call, builtin: Builtin, args: Ir[]): { regex?: RegExp; limit?: number } => {
  const flags = args[builtin.name === 'matches' ? 2 : 3]
  const pattern = args[1]!
  if (pattern.k !== 'const' || typeof pattern.value !== 'string' || (flags && (flags.k !== 'const' || typeof flags.value !== 'string'))) {
    problem(job, env, ast, `The pattern of ${builtin.name} is not a text literal.`, 'Write the pattern between quotes, so that it can be checked.')
    return {}
  }
  const safe = safePattern(pattern.value, (flags as { value: string } | undefined)?.value ?? '')
  if (typeof safe !== 'string') return safe
  problem(job, env, ast, `The pattern "${pattern.value}" is refused: ${safe}.`, 'Write a simpler pattern.')
  return {}
}

const rowsCall = (job: Job, env: Env, ast: Call): Ir => {
  const [arg] = ast.args
  const entity = arg?.k === 'string' ? job.options.model.entity(arg.value) : undefined
  if (!entity || ast.args.length !== 1) {
    problem(job, env, ast, arg?.k === 'string' ? `There is no entity ${quote(arg.value)}.` : 'rows() needs the name of an entity.', 'Write e.g. rows("extension") with the name of a folder under forms/.')
    return unknown(job, env, ast)
  }
  const origin = { root: 'rows', path: [], entity: entity.name }
  read(job, origin)
  return node(job, env, ast, { k: 'rows', entity: entity.name, type: listOf({ kind: 'entity', entity: entity.name }), origin })
}

const sortCall = (job: Job, env: Env, ast: Call): Ir => {
  const [source, by] = ast.args
  if (!source || by?.k !== 'function' || by.params.length !== 2) {
    problem(job, env, ast, 'sort needs a list and a function of two.', 'Write sort(list, function(a, b) a.x < b.x).')
    return unknown(job, env, ast)
  }
  const list = build(job, env, source)
  if (!isKind(list.type, 'list')) problem(job, env, source, `${quote(list.src)} is a ${typeText(list.type)}, not a list.`, 'Only lists are sorted.')
  read(job, list.origin)
  const type = list.type.kind === 'list' ? list.type.of : list.type
  const [left, right] = [job.slots++, job.slots++]
  const origin = list.origin ? { origin: list.origin } : {}
  const inner = bind(bind(env, by.params[0]!, { slot: left, type, ...origin }), by.params[1]!, { slot: right, type, ...origin })
  return node(job, env, ast, { k: 'sort', list, left, right, body: build(job, inner, by.body), type: list.type, ...origin })
}
