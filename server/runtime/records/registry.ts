import { own } from '#server/platform/json.ts'
import { AppError } from '#server/platform/errors.ts'
import { compile } from '#server/runtime/expressions/index.ts'
import type { Expression, FeelType, Model } from '#server/runtime/expressions/types.ts'
import type { Definitions, EntityDef, ProgrammeDef } from '#server/runtime/definitions/model.ts'
import { feelModel } from '#server/runtime/definitions/index.ts'

export interface NamesInScope { id: string; names: Record<string, FeelType>; self?: string; /** aggregates are over the rows of the query */ measure?: boolean }

interface Place { scope: NamesInScope; byText: Map<string, Expression>; ask: (text: string) => Expression }

/** The published definitions, ready to be asked: programmes, entities, models and compiled expressions. */
export class Registry {
  private readonly models = new Map<string, Model>()
  /** by programme, place and text: a text of all three would have to be made for every evaluation */
  private readonly compiled = new Map<string, Map<string, Place>>()
  constructor(readonly definitions: Definitions, readonly dialect: 'sqlite' | 'mysql') {}

  /** A programme, or a family standing for records that belong to no programme. */
  programme(id: string): ProgrammeDef {
    const found = this.definitions.programmes[id]
    if (!found) throw new AppError('DEFINITION_NOT_FOUND', { id, where: 'programmes' })
    return found
  }
  programmes(): ProgrammeDef[] {
    return Object.values(this.definitions.programmes).filter((p) => p.id !== p.family)
  }
  findEntity(programme: string, name: string): EntityDef | undefined {
    const entities = this.definitions.programmes[programme]?.entities
    return entities && own(entities, name)
  }
  entity(programme: string, name: string): EntityDef {
    const found = this.findEntity(programme, name)
    if (!found) throw new AppError('DEFINITION_NOT_FOUND', { id: name, where: programme })
    return found
  }
  /** All resolved forms of each entity, by table: what tables must hold. */
  variants(): EntityDef[][] {
    const byTable = new Map<string, Set<EntityDef>>()
    for (const p of Object.values(this.definitions.programmes))
      for (const e of Object.values(p.entities)) byTable.set(e.table, (byTable.get(e.table) ?? new Set()).add(e))
    return [...byTable.values()].map((s) => [...s])
  }
  model(programme: string): Model {
    let m = this.models.get(programme)
    if (!m) this.models.set(programme, (m = feelModel(this.programme(programme), this.dialect)))
    return m
  }
  /** Compiled once per programme, place and text. */
  expression(programme: string, text: string, scope: NamesInScope): Expression { return this.at(programme, scope)(text) }
  /** The expressions of one place, for whoever asks many of them. */
  at(programme: string, scope: NamesInScope): (text: string) => Expression {
    let byPlace = this.compiled.get(programme)
    if (!byPlace) this.compiled.set(programme, (byPlace = new Map()))
    const known = byPlace.get(scope.id)
    if (known?.scope === scope) return known.ask
    // the same place may have come to know more names; what was compiled there stays
    const byText = known?.byText ?? new Map<string, Expression>()
    const ask = this.asker(programme, scope, byText)
    byPlace.set(scope.id, { scope, byText, ask })
    return ask
  }
  private asker(programme: string, scope: NamesInScope, byText: Map<string, Expression>): (text: string) => Expression {
    return (text) => {
      let e = byText.get(text)
      if (!e) byText.set(text, (e = compile(text, { model: this.model(programme), names: scope.names, ...(scope.self ? { self: scope.self } : {}), ...(scope.measure ? { measure: true } : {}) })))
      return e
    }
  }
}
