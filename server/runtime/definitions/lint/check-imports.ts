import type { Dict, EntityDef, PropertyDef } from '../model.ts'
import { suggest } from '../load/nearest.ts'
import { checkMake } from './check-effects.ts'
import type { LintContext, Place } from './context.ts'
import { importNames, referenceNames } from './names.ts'

/** Parameters and inputs: their references exist and choose by a condition SQL can answer. */
export const checkInputs = (ctx: LintContext, inputs: Dict<PropertyDef>, place: Place, entity: EntityDef): void => {
  for (const [name, p] of Object.entries(inputs)) {
    const ref = p.ref ?? p.items?.ref
    if (!ref) continue
    const at = { ...place, pointer: `${place.pointer}/${name}/x-ref` }
    const target = ctx.entity(ref.entity)
    if (!target) { ctx.report(at, 'ref-unknown', `"${name}" refers to "${ref.entity}", which does not exist`, suggest(ref.entity, Object.keys(ctx.programme.entities))); continue }
    ctx.feel(ref.where, { ...at, names: referenceNames(target, entity), sql: true })
  }
}

/** Columns, look-ups, rules, keys and what an import writes. */
export const checkImports = (ctx: LintContext, entity: EntityDef): void => {
  for (const [id, def] of Object.entries(entity.form.imports)) {
    const at = (key: string): Place => ({ artefact: `form:${entity.id}`, pointer: `/imports/${id}/${key}` })
    const names = importNames(ctx.programme, entity, def)
    for (const list of def.list ?? []) if (!Object.hasOwn(entity.form.lists, list)) ctx.report(at('list'), 'list-unknown', `there is no list "${list}"`, suggest(list, Object.keys(entity.form.lists)))
    checkInputs(ctx, def.params, at('params'), entity)
    for (const [name, l] of Object.entries(def.lookup)) {
      const target = ctx.entity(l.in)
      if (!target) { ctx.report(at(`lookup/${name}`), 'entity-unknown', `the look-up reads "${l.in}", which does not exist`, suggest(l.in, Object.keys(ctx.programme.entities))); continue }
      ctx.feel(l.where, { ...at(`lookup/${name}/where`), names: { ...names, item: { kind: 'entity', entity: target.id } } })
    }
    for (const [name, r] of Object.entries(def.rules)) {
      ctx.feel(r.if, { ...at(`rules/${name}/if`), names })
      ctx.feel(r.must, { ...at(`rules/${name}/must`), names })
      if (r.path !== undefined && !Object.hasOwn(def.columns, r.path)) ctx.report(at(`rules/${name}/path`), 'import-column', `"${r.path}" is no column of this import`, suggest(r.path, Object.keys(def.columns)))
      ctx.knowsPolicy(r.policy, at(`rules/${name}/policy`))
    }
    for (const [path, expr] of Object.entries(def.key ?? {})) {
      ctx.path(entity, path, at(`key/${path}`))
      ctx.feel(expr, { ...at(`key/${path}`), names })
    }
    for (const [path, expr] of Object.entries(def.set ?? {})) {
      ctx.path(entity, path, at(`set/${path}`))
      ctx.feel(expr, { ...at(`set/${path}`), names })
    }
    for (const [name, make] of Object.entries(def.make ?? {})) checkMake(ctx, make, at(`make/${name}`), { names })
    if (def.kind === 'archive') checkArchive(ctx, entity, def.setFile, def.match, at)
    if (def.kind === 'pick') checkPick(ctx, def.from, def.where, { ...names }, at)
  }
}

const checkArchive = (ctx: LintContext, entity: EntityDef, file: string | undefined, match: string | undefined, at: (key: string) => Place): void => {
  const found = file === undefined ? undefined : ctx.path(entity, file, at('setFile'))
  if (file === undefined) ctx.report(at('setFile'), 'import-archive', 'the archive import names no file property', 'add "setFile"')
  else if (found && found.property.kind !== 'file') ctx.report(at('setFile'), 'import-archive', `"${file}" is no file`, 'name a property with x-file')
  if (match === undefined) ctx.report(at('match'), 'import-archive', 'the archive import says no file name pattern', 'add "match", e.g. "{number}.(jpg|png)"')
  for (const [, token = ''] of (match ?? '').matchAll(/\{([^{}:]+)/g)) ctx.path(entity, token, at('match'))
}

const checkPick = (ctx: LintContext, from: string | undefined, where: string | undefined, names: NonNullable<Parameters<LintContext['feel']>[1]['names']>, at: (key: string) => Place): void => {
  const source = from === undefined ? undefined : ctx.entity(from)
  if (!source) return ctx.report(at('from'), 'entity-unknown', `the chooser reads "${from ?? ''}", which does not exist`, suggest(from ?? '', Object.keys(ctx.programme.entities)))
  ctx.feel(where, { ...at('where'), names: { ...names, item: { kind: 'entity', entity: source.id } }, sql: true })
}
