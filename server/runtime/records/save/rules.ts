import type { Dict, EntityDef, ProgrammeDef, RuleDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue, Scope } from '#server/runtime/expressions/types.ts'
import type { Lang, Problem } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import type { NamesInScope } from '../registry.ts'
import { good, type Draft } from './draft.ts'
import { fillMessage } from './messages.ts'
import { recordNames } from './values.ts'

/** The force of a policy on a day: outside its dates it is off. */
export function forceOf(programme: ProgrammeDef, policy: string | undefined, now: number): 'off' | 'warn' | 'block' {
  if (!policy) return 'block'
  const p = programme.policies[policy]
  if (!p) return 'block'
  if (p.from && now < Date.parse(p.from)) return 'off'
  if (p.to && now >= Date.parse(p.to)) return 'off'
  return p.is
}

type Found = { blocks: Problem[]; warns: Problem[] }
/** Rules of some moments that do not hold. */
export const failing = (loader: FactLoader, def: EntityDef, rules: Dict<RuleDef>, moments: string[], names: Record<string, FeelValue>, lang: Lang, place: NamesInScope = recordScope(def)): Found =>
  failingOf(loader, def, rulesAt(loader, rules, moments), loader.scope(names), lang, place)

interface Due { id: string; rule: RuleDef; force: 'warn' | 'block' }
/** Rules that apply at one of the moments today. */
export function rulesAt(loader: FactLoader, rules: Dict<RuleDef>, moments: string[]): Due[] {
  const { programme, now } = loader.context
  return Object.entries(rules).flatMap(([id, rule]) => {
    const force = rule.on.some((m) => moments.includes(m)) ? forceOf(programme, rule.policy, now) : 'off'
    return force === 'off' ? [] : [{ id, rule, force }]
  })
}

export function failingOf(loader: FactLoader, def: EntityDef, due: Due[], scope: Scope, lang: Lang, place: NamesInScope): Found {
  const { registry, programme } = loader.context
  const out: Found = { blocks: [], warns: [] }
  const compiled = registry.at(programme.id, place)
  for (const { id, rule, force } of due) {
    // a null condition applies, a null "must" fails (FEEL profile)
    if (rule.if && compiled(rule.if).evaluate(scope) === false) continue
    if (compiled(rule.must).evaluate(scope) === true) continue
    const problem: Problem = { code: `RULE_${id}`, message: fillMessage(loader, def, rule.message, scope.names, lang, {}, place), ...(rule.path ? { path: rule.path } : {}) }
    ;(force === 'warn' ? out.warns : out.blocks).push(problem)
  }
  return out
}

/** x-rules for a set of records at given moments ("save", "create", "import:x", an outcome …). */
export async function checkRules(loader: FactLoader, drafts: Draft[], moments: (d: Draft) => string[], lang: Lang, extra: Record<string, FeelValue> = {}): Promise<void> {
  const todo = good(drafts).filter((d) => Object.keys(d.def.rules).length > 0)
  // new ones of an entity share their moments, stored ones theirs
  const plans = new Map<EntityDef, { fresh?: Due[]; stored?: Due[] }>()
  const dueOf = (d: Draft): Due[] => {
    let plan = plans.get(d.def)
    if (!plan) plans.set(d.def, (plan = {}))
    return d.create ? (plan.fresh ??= rulesAt(loader, d.def.rules, moments(d))) : (plan.stored ??= rulesAt(loader, d.def.rules, moments(d)))
  }
  const found = await loader.settleAll(todo, (d) => { const due = dueOf(d); return due.length ? failingOf(loader, d.def, due, loader.scope(recordNames(d, extra)), lang, recordScope(d.def)) : null })
  todo.forEach((d, i) => { const f = found[i]; if (f) { d.problems.push(...f.blocks); d.warnings.push(...f.warns) } })
}
