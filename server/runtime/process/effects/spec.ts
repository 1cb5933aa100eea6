import type { Dict, Feel, Text } from '#server/runtime/definitions/model.ts'

/** A set or make, whether written in a diagram, an action or an import. */
export interface EffectSpec {
  id: string
  entity?: string
  where?: Feel
  rows?: Feel
  key?: string[]
  draw?: string
  order?: string[]
  into?: string
  from?: Feel
  groupBy?: string[]
  link?: string
  onExisting?: 'skip' | 'update' | 'reject'
  values: Dict<Feel>
  unless?: Dict<{ if: Feel; reason: Text }>
}
