import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call, Problem } from '../../context.ts'
import { factsFor, type Engine } from '../engine.ts'
import { failing } from './rules.ts'

/** Rules of a button over stored records and what was typed into its dialog; ids without entry pass. */
export async function checkInputRules(engine: Engine, call: Call, def: EntityDef, ids: string[], moment: string, input: FeelValue, comment?: string): Promise<Map<string, Problem[]>> {
  const out = new Map<string, Problem[]>()
  if (!Object.values(def.rules).some((r) => r.on.includes(moment))) return out
  const loader = factsFor(engine, call)
  const found = await loader.settleAll(ids, (id) => {
    const row = { $: 'row', entity: def.id, id } as const
    return failing(loader, def, def.rules, [moment], { record: row, item: row, old: row, input, params: input, outcome: moment, task: null, output: null, made: null, comment: comment ?? null }, call.actor.lang)
  })
  ids.forEach((id, i) => { if (found[i]!.blocks.length) out.set(id, found[i]!.blocks) })
  call.warned?.push(...ids.flatMap((id, i) => (out.has(id) ? [] : found[i]!.warns)))
  return out
}
