import { entitiesOf, type ProgrammeDef } from '#server/runtime/definitions/index.ts'
import { pathEnd, say, type FactLoader } from '#server/runtime/records/index.ts'
import type { Lang } from '../context.ts'

export interface PublicLookup { entity: string; id: string; title: string; keys: { id: string; title: string }[] }

/** What anybody may ask without signing in. */
export const publicLookups = (programme: ProgrammeDef, loader: FactLoader, lang: Lang): PublicLookup[] => entitiesOf(programme).flatMap((def) =>
  Object.entries(def.form.lookups).filter(([, l]) => l.public).map(([id, l]) => ({
    entity: def.id, id, title: say(l.title, lang),
    keys: Object.entries(l.keys).map(([key, k]) => ({ id: key, title: k.title ? say(k.title, lang) : (pathEnd(loader, def, k.path)?.prop?.title.zh ?? key) })),
  })))
