import { compileCached } from '#server/runtime/expressions/compile.ts'
import { propertyOf } from '#server/runtime/expressions/ir/members.ts'
import type { EntityRow, Facts, FeelType, FeelValue, Model, ModelEntity, RuleSource, Scope } from '#server/runtime/expressions/types.ts'
import { toFeel } from '#server/runtime/expressions/values/convert.ts'
import { equal } from '#server/runtime/expressions/values/compare.ts'

export type Tables = Record<string, Record<string, unknown>[]>

export const modelOf = (entities: ModelEntity[], rules: Record<string, RuleSource> = {}): Model => ({
  entity: (name) => entities.find((e) => e.name === name || e.name.endsWith(`/${name}`)),
  rule: (name) => (Object.hasOwn(rules, name) ? rules[name] : undefined),
})

export const rowRef = (entity: string, id: unknown): EntityRow => ({ $: 'row', entity, id: String(id) })

/** Facts over plain rows: references are ids, inverses are looked up, read-time computes are evaluated. */
export class MemoryFacts implements Facts {
  readonly asked: { entity: string; equals: string[] }[] = []
  private readonly model: Model
  private readonly tables: Tables
  private readonly scope: () => Scope
  constructor(model: Model, tables: Tables, scope: () => Scope) {
    this.model = model
    this.tables = tables
    this.scope = scope
  }

  property(row: EntityRow, name: string): FeelValue {
    const entity = this.model.entity(row.entity)!
    const def = propertyOf(entity, [name])
    if (def?.inverse) {
      const { entity: other, path } = def.inverse
      return this.all(other).filter((r) => String(r[path]) === row.id).map((r) => rowRef(this.model.entity(other)!.name, r.id))
    }
    if (def?.compute !== undefined) {
      if (!this.all(row.entity).some((r) => String(r.id) === row.id)) return null
      const scope = this.scope()
      const names: Record<string, FeelType> = { program: { kind: 'any' }, user: { kind: 'any' } }
      return compileCached(def.compute, { model: this.model, names, self: entity.name }).evaluate({ ...scope, names: { ...scope.names, record: row } })
    }
    const stored = this.all(row.entity).find((r) => String(r.id) === row.id)
    return stored ? toFeel(stored[name], def?.type ?? { kind: 'any' }) : null
  }

  rows(entity: string, equals: { path: string; value: FeelValue }[]): EntityRow[] {
    this.asked.push({ entity, equals: equals.map((e) => e.path) })
    const name = this.model.entity(entity)!.name
    return this.all(entity).map((r) => rowRef(name, r.id))
      .filter((row) => equals.every(({ path, value }) => path === 'id' ? equal(row, value) : equal(this.path(row, path.split('.')), value)))
  }

  private path(row: EntityRow, path: string[]): FeelValue {
    const value = this.property(row, path[0]!)
    return path.slice(1).reduce<FeelValue>((at, key) => (at !== null && typeof at === 'object' ? (at as { [k: string]: FeelValue })[key] ?? null : null), value)
  }
  private all(entity: string): Record<string, unknown>[] {
    return this.tables[this.model.entity(entity)!.name] ?? []
  }
}
