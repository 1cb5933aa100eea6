import type { EntityDef, Text } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Lang } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import type { NamesInScope } from '../registry.ts'
import { isRow } from '../schema/feel-values.ts'
import { show } from './show.ts'

export const say = (text: Text | string | undefined, lang: Lang = 'zh'): string =>
  typeof text === 'string' ? text : ((lang === 'en' ? text?.en : undefined) ?? text?.zh ?? '')

/** Fills {path} and {name} of a message; a sensitive value never gets in because its path is refused by lint. */
export function fillMessage(loader: FactLoader, def: EntityDef, text: Text, names: Record<string, FeelValue>, lang: Lang, known: Record<string, string> = {}, scope: NamesInScope = recordScope(def)): string {
  return say(text, lang).replace(/\{([^{}]+)\}/g, (_, path: string) => {
    if (Object.hasOwn(known, path)) return known[path]!
    const value = loader.context.registry.expression(loader.context.programme.id, path, scope).evaluate(loader.scope(names))
    return isRow(value) ? show(loader.property(value, loader.definition(value.entity).label.split('.')[0]!)) : show(value)
  })
}
