import { accessOf } from '#server/runtime/access/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { rowScope } from '../facts/scopes.ts'

export interface FieldRule { path: string; hidden: boolean; mask?: string; readOnly: boolean }

/** Field rules of the person's role for one record; call inside settle. */
export function fieldRules(call: Call, loader: FactLoader, def: EntityDef, record: FeelValue): FieldRule[] {
  const access = accessOf(call.programme, def, call.actor.role)
  const ask = (v: boolean | string | undefined): boolean => (typeof v === 'string'
    // what cannot be decided is not shown
    ? loader.context.registry.expression(call.programme.id, v, rowScope(def)).evaluate(loader.scope({ record, item: record })) !== false
    : v === true)
  return Object.entries(access?.fields ?? {}).map(([path, f]) => ({ path, hidden: ask(f.hidden), readOnly: ask(f.readOnly), ...(f.mask ? { mask: f.mask } : {}) }))
}
/** Paths that are or may be hidden for the role: they can be neither filtered, sorted nor counted by. */
export const guardedPaths = (call: Call, def: EntityDef): Set<string> =>
  new Set(Object.entries(accessOf(call.programme, def, call.actor.role)?.fields ?? {}).filter(([, f]) => f.hidden).map(([p]) => p))

export const ruleFor = (rules: FieldRule[], path: string): FieldRule | undefined =>
  rules.find((r) => path === r.path || path.startsWith(`${r.path}.`) || path.startsWith(`${r.path}[`))
