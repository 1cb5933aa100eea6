import type { FeelType } from '../../expressions/types.ts'
import { ANY, listOf, paramType } from '../feel/types.ts'
import type { ParamDef } from '../model.ts'
import { suggest } from '../load/nearest.ts'
import type { LintContext } from './context.ts'

const typeOf = (ctx: LintContext, written: string): FeelType => {
  const list = /^list of (.+)$/.exec(written)
  if (list) return listOf(typeOf(ctx, list[1] ?? 'any'))
  const scalar = paramType({ type: written } as ParamDef)
  if (scalar.kind !== 'any') return scalar
  const entity = ctx.entity(written)
  return entity ? { kind: 'entity', entity: entity.id } : ANY
}

const JSON_TYPES: Record<string, (value: unknown) => boolean> = {
  string: (v) => typeof v === 'string', number: (v) => typeof v === 'number', integer: (v) => Number.isInteger(v), boolean: (v) => typeof v === 'boolean',
}

/** Bodies of rules compile over their arguments; params have the type the family declares; hooks name processes. */
export const checkManifest = (ctx: LintContext): void => {
  const { rules, params, hooks, processes } = ctx.programme
  for (const [id, rule] of Object.entries(rules)) {
    const names = { args: { kind: 'context', fields: Object.fromEntries(Object.entries(rule.args).map(([k, t]) => [k, typeOf(ctx, t)])) } as FeelType }
    const at = (key: string) => ({ artefact: 'manifest' as const, pointer: `/rules/${id}${key}` })
    if (rule.expr === undefined && rule.rows === undefined) ctx.report(at(''), 'rule-body', `rule "${id}" has no body`, 'write "expr" or "rows"')
    ctx.feel(rule.expr, { ...at('/expr'), names })
    for (const [row, r] of Object.entries(rule.rows ?? {})) {
      ctx.feel(r.if, { ...at(`/rows/${row}/if`), names })
      ctx.feel(r.then, { ...at(`/rows/${row}/then`), names })
    }
  }
  for (const [id, p] of Object.entries(params)) {
    const fits = JSON_TYPES[p.type]
    if (fits && p.value !== null && !fits(p.value)) ctx.report({ artefact: 'manifest', pointer: `/params/${id}` }, 'param-type', `param "${id}" is ${JSON.stringify(p.value)}, not a ${p.type}`, `write a ${p.type}`)
  }
  for (const [id, process] of Object.entries(hooks)) {
    if (process !== '' && !Object.hasOwn(processes, process)) ctx.report({ artefact: 'manifest', pointer: `/hooks/${id}` }, 'process-unknown', `hook "${id}" calls "${process}", which does not exist`, suggest(process, Object.keys(processes)))
  }
}
