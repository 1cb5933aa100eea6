import { FeelError, nearest } from '../errors.ts'
import type { Ast } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'
import type { RuleSource } from '../types.ts'
import { build, condition } from './check.ts'
import type { Env, Job, Local } from './env.ts'
import { node, problem, quote, read, unknown } from './env.ts'
import type { Ir } from './ir.ts'
import { BOOLEAN, join, listOf, NULL } from './types.ts'

type Call = Extract<Ast, { k: 'call' }>

/** `rules.name(…)`: the body takes the place of the call; arguments are computed once and are `args.x` in it. */
export const ruleCall = (job: Job, env: Env, ast: Call, name: string): Ir => {
  const rule = job.options.model.rule(name)
  if (!rule) {
    problem(job, env, ast, `There is no rule ${quote(name)}.`, 'Declare it in family.json under "rules".')
    return unknown(job, env, ast)
  }
  if (job.rules.includes(name)) {
    problem(job, env, ast, `rules.${name} calls itself (${[...job.rules, name].join(' → ')}).`, 'A rule cannot be recursive; use a list function.')
    return unknown(job, env, ast)
  }
  const given = argumentsOf(job, env, ast, name, rule)
  if (!given) return unknown(job, env, ast)
  const values = given.map((arg) => build(job, env, arg))
  const slots = values.map(() => job.slots++)
  const args = new Map(rule.args.map((arg, i): [string, Local] => [arg, { slot: slots[i]!, type: values[i]!.type, ...(values[i]!.origin ? { origin: values[i]!.origin } : {}) }]))
  for (const value of values) if (value.type.kind === 'list') read(job, value.origin)
  const body = bodyOf(job, env, ast, name, rule, args)
  return values.reduceRight((inner, value, i) => node(job, env, ast, { k: 'let', slot: slots[i]!, value, body: inner, type: inner.type }), body)
}

const argumentsOf = (job: Job, env: Env, ast: Call, name: string, rule: RuleSource): Ast[] | null => {
  const given = ast.named ? rule.args.map((arg) => ast.args[ast.named!.indexOf(arg)]) : ast.args
  const strange = ast.named?.find((arg) => !rule.args.includes(arg))
  if (given.length === rule.args.length && given.every((arg) => arg !== undefined) && !strange) return given as Ast[]
  problem(job, env, ast, strange ? `rules.${name} has no argument ${quote(strange)}.` : `rules.${name} was given ${ast.args.length} argument${ast.args.length === 1 ? '' : 's'}.`,
    `It is rules.${name}(${rule.args.join(', ')}).${strange ? ` Near it: ${nearest(strange, rule.args).join(', ')}.` : ''}`)
  return null
}

const bodyOf = (job: Job, env: Env, ast: Call, name: string, rule: RuleSource, args: Map<string, Local>): Ir => {
  const place = (text: string): Env => {
    const site = { span: env.site?.span ?? { from: ast.from, to: ast.to }, rule: env.site ? `${env.site.rule} → rules.${name}` : name, text: env.site?.text ?? env.text }
    const program = job.options.names.program
    return { text, site, locals: new Map(), args, self: undefined, names: program ? { program } : {}, inFilter: false }
  }
  const text = (source: string, make: (inner: Env, body: Ast) => Ir): Ir => {
    const inner = place(source)
    try {
      return make(inner, parse(source))
    } catch (error) {
      if (!(error instanceof FeelError)) throw error
      for (const p of error.problems) problem(job, inner, p, p.message, p.fix)
      return unknown(job, inner, { from: 0, to: source.length })
    }
  }
  job.rules.push(name)
  try {
    if (rule.expr !== undefined) return text(rule.expr, (inner, body) => build(job, inner, body))
    const table = rule.table ?? { hit: 'first' as const, rows: [] }
    const rows = table.rows.map((row) => ({
      if: /^\s*-?\s*$/.test(row.if) ? node(job, env, ast, { k: 'const', value: true, type: BOOLEAN }) : text(row.if, (inner, body) => condition(job, inner, body)),
      then: text(row.then, (inner, body) => build(job, inner, body)),
    }))
    const none = node(job, env, ast, { k: 'const', value: null, type: NULL })
    if (table.hit === 'first') return rows.reduceRight<Ir>((rest, row) => node(job, env, ast, { k: 'if', cond: row.if, then: row.then, else: rest, type: join(row.then.type, rest.type) }), none)
    return collect(job, env, ast, rows)
  } finally {
    job.rules.pop()
  }
}

/** Every `then` whose `if` holds, in order: the one-item lists of the rows that apply, joined. */
const collect = (job: Job, env: Env, ast: Call, rows: { if: Ir; then: Ir }[]): Ir => {
  const type = listOf(rows.map((row) => row.then.type).reduce(join, NULL))
  const parts = rows.map((row) => node(job, env, ast, {
    k: 'if', cond: row.if, type,
    then: node(job, env, ast, { k: 'list', items: [row.then], type }), else: node(job, env, ast, { k: 'list', items: [], type }),
  }))
  return node(job, env, ast, { k: 'call', fn: 'concatenate', args: parts, type })
}
