import type { LimitDef, RuleDef, Text, UniqueDef } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'

const say = (c: Cursor, id: string): Text => c.at('message').text() ?? { zh: id }

export const readUnique = (c: Cursor, id: string): UniqueDef =>
  compact({ fields: c.names() !== undefined && !c.isObject ? (c.names() ?? []) : (c.at('fields').names() ?? []), where: c.at('where').feel(), message: say(c, id) })

export const readLimit = (c: Cursor, id: string): LimitDef =>
  compact({ of: c.at('of').feel() ?? '', if: c.at('if').feel(), count: c.at('count').boolean(), sum: c.at('sum').feel(), min: c.at('min').feel(), max: c.at('max').feel(), policy: c.at('policy').string(), message: say(c, id), over: c.at('over').feels() })

export const readRule = (c: Cursor, id: string): RuleDef =>
  compact({ on: c.at('on').names() ?? ['save'], if: c.at('if').feel(), must: c.feel() ?? c.at('must').feel() ?? '', message: say(c, id), path: c.at('path').string(), policy: c.at('policy').string() })
