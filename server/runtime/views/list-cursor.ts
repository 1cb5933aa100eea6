import { createHash } from 'node:crypto'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { Actor } from '../context.ts'
import type { ViewParts } from './parts.ts'

const sorted = (v: unknown): unknown => (v !== null && typeof v === 'object' ? Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)) : v)

/** A cursor holds a value of its last row, which may be masked for the person: it is sealed, and good for its owner and query alone. */
export function cursors(parts: ViewParts, actor: Actor, def: EntityDef, query: readonly unknown[]) {
  const { sealing } = parts.core.engine
  const place = { table: def.table, column: 'cursor', row: `${actor.userId}/${actor.role}` }
  const asked = createHash('sha256').update(JSON.stringify([actor.programme, ...query.map(sorted)])).digest('base64url').slice(0, 16)
  return {
    write: (inner: string): string => Buffer.from(sealing.seal(`${asked}${inner}`, place)).toString('base64url'),
    /** null = it was made for somebody else or another query */
    read: (text: string): string | null => {
      try {
        const opened = sealing.open(Buffer.from(text, 'base64url').toString(), place)
        return opened.startsWith(asked) ? opened.slice(asked.length) : null
      } catch { return null }
    },
  }
}
