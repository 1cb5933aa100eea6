import type { Dict, EntityDef, ProgrammeDef, RuleDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
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

export function failing(loader: FactLoader, def: EntityDef, rules: Dict<RuleDef>, moments: string[], names: Record<string, FeelValue>, lang: Lang, scope: NamesInScope = recordScope(def)): { blocks: Problem[]; warns: Problem[] } {
  const { registry, programme, now } = loader.context
  const out = { blocks: [] as Problem[], warns: [] as Problem[] }
  for (const [id, rule] of Object.entries(rules)) {
    if (!rule.on.some((m) => moments.includes(m))) continue
    const force = forceOf(programme, rule.policy, now)
    if (force === 'off') continue
    const ask = (text: string) => registry.expression(programme.id, text, scope).evaluate(loader.scope(names))
    // a null condition applies, a null "must" fails (FEEL profile)
    if (rule.if && ask(rule.if) === false) continue
    if (ask(rule.must) === true) continue
    const problem: Problem = { code: `RULE_${id}`, message: fillMessage(loader, def, rule.message, names, lang, {}, scope), ...(rule.path ? { path: rule.path } : {}) }
    ;(force === 'warn' ? out.warns : out.blocks).push(problem)
  }
  return out
}

/** x-rules for a set of records at given moments ("save", "create", "import:x", an outcome …). */
export async function checkRules(loader: FactLoader, drafts: Draft[], moments: (d: Draft) => string[], lang: Lang, extra: Record<string, FeelValue> = {}): Promise<void> {
  const todo = good(drafts).filter((d) => Object.keys(d.def.rules).length > 0)
  const found = await loader.settleAll(todo, (d) => failing(loader, d.def, d.def.rules, moments(d), recordNames(d, extra), lang))
  todo.forEach((d, i) => { d.problems.push(...found[i]!.blocks); d.warnings.push(...found[i]!.warns) })
}
