import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { storedProperties, type RecordData, type Sealing } from './codec.ts'
import { columnOf, getPath, isSensitive } from './properties.ts'

/**
 * Sealing that does nothing twice: for one batch whose personal numbers are encrypted before the transaction that stores them and
 * hashed for look-ups, keys and columns alike. It holds them in the clear, so it must not outlive its batch.
 */
export function sealedOnce(sealing: Sealing): Sealing {
  const tokens = new Map<string, Map<string, { plain: string; token: string }>>()
  const hashes = new Map<string, Map<string, string>>()
  return {
    open: (sealed, place) => sealing.open(sealed, place),
    seal(plain, place) {
      const column = `${place.table}.${place.column}`
      let byRow = tokens.get(column)
      if (!byRow) tokens.set(column, (byRow = new Map()))
      const known = byRow.get(place.row)
      if (known?.plain === plain) return known.token
      const token = sealing.seal(plain, place)
      byRow.set(place.row, { plain, token })
      return token
    },
    blind(kind, value) {
      let known = hashes.get(kind)
      if (!known) hashes.set(kind, (known = new Map()))
      let hash = known.get(value)
      if (hash === undefined) known.set(value, (hash = sealing.blind(kind, value)))
      return hash
    },
  }
}

/** Seals and hashes what a record will store, so that `encodeRow` finds it done. */
export function sealAhead(def: EntityDef, id: string, data: RecordData, sealing: Sealing): void {
  for (const p of storedProperties(def).stored) {
    if (!isSensitive(p)) continue
    const value = getPath(data, p.path)
    if (value === undefined || value === null || value === '') continue
    const text = String(value)
    sealing.seal(text, { table: def.table, column: columnOf(p), row: id })
    sealing.blind(p.sensitive!, text)
  }
}
