import { nearest } from '../errors.ts'
import type { Ast } from '../syntax/ast.ts'
import type { Env, Job } from './env.ts'
import { node, problem, quote, read, unknown } from './env.ts'
import type { Ir } from './ir.ts'
import { member, propertyOf } from './members.ts'
import { DATE, INSTANT } from './types.ts'

/** Loop variables first, then the names of the place, the clock, and the own fields of the record. */
export const name = (job: Job, env: Env, ast: Extract<Ast, { k: 'name' }>): Ir => {
  const local = env.locals.get(ast.name)
  if (local) return node(job, env, ast, { k: 'local', slot: local.slot, name: ast.name, type: local.type, ...(local.origin ? { origin: local.origin } : {}) })
  if (Object.hasOwn(env.names, ast.name)) {
    const origin = { root: ast.name, path: [] }
    read(job, origin)
    return node(job, env, ast, { k: 'name', name: ast.name, type: env.names[ast.name]!, origin })
  }
  if (ast.name === 'now' || ast.name === 'today') {
    job.usesClock = true
    return node(job, env, ast, { k: 'clock', name: ast.name, type: ast.name === 'now' ? INSTANT : DATE })
  }
  const self = env.self === undefined ? undefined : job.options.model.entity(env.self)
  if (self) {
    const record = node(job, env, ast, { k: 'name', name: 'record', own: ast.name !== 'record', type: { kind: 'entity', entity: self.name }, origin: { root: 'record', path: [], entity: self.name } })
    if (ast.name === 'record') return record
    if (ast.name === 'id' || propertyOf(self, [ast.name])) {
      if (env.inFilter) problem(job, env, ast, `${quote(ast.name)} stands bare inside a filter; it is not clear whose it is.`, `Write item.${ast.name} for the row of the list, record.${ast.name} for the record.`)
      return member(job, env, ast, record, ast.name)
    }
  }
  return explain(job, env, ast, self ? ['id', ...Object.keys(self.properties).map((key) => key.split('.')[0]!)] : [])
}

const explain = (job: Job, env: Env, ast: Extract<Ast, { k: 'name' }>, own: string[]): Ir => {
  const known = [...env.locals.keys(), ...Object.keys(env.names), ...own, 'now', 'today', ...(env.self ? ['record'] : []), ...(env.args ? ['args'] : [])]
  if (env.inFilter && !ast.name.includes(' ')) {
    problem(job, env, ast, `${quote(ast.name)} is no name here; a bare name inside a filter is not the row's.`, `Write item.${ast.name} if the row of the list is meant. Known: ${nearest(ast.name, known).join(', ')}.`)
  } else if (ast.name.startsWith('not ')) {
    problem(job, env, ast, `${quote(ast.name)} is no name.`, `Write not(${ast.name.slice(4)}).`)
  } else {
    problem(job, env, ast, `The name ${quote(ast.name)} is not known here.`, `Near it: ${nearest(ast.name, known).join(', ')}.`)
  }
  return unknown(job, env, ast)
}
