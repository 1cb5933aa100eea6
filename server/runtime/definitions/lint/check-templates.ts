import type { LintContext, Place } from './context.ts'
import { suggest } from '../load/nearest.ts'
import { checkColumns } from './check-form.ts'
import { listNames } from './names.ts'

/** A template's data exist in its entity; its text uses nothing else (the document engine reads the text). */
export const checkTemplates = (ctx: LintContext): void => {
  for (const t of Object.values(ctx.programme.templates)) {
    const place: Place = { artefact: `template:${t.id}`, pointer: '/data' }
    const entity = ctx.entity(t.entity)
    if (!entity) {
      if (t.entity !== '') ctx.report({ ...place, pointer: '/entity' }, 'entity-unknown', `the template is of "${t.entity}", which does not exist`, suggest(t.entity, Object.keys(ctx.programme.entities)))
      continue
    }
    for (const [name, datum] of Object.entries(t.data)) {
      if (!('rows' in datum)) { checkColumns(ctx, entity, { [name]: datum }, place); continue }
      const at = { ...place, pointer: `/data/${name}` }
      const self = { kind: 'entity', entity: entity.id } as const
      const rows = ctx.feel(datum.rows, { ...at, pointer: `${at.pointer}/rows`, self: entity.id, names: { ...listNames(entity), group: { kind: 'list', of: self } } })
      const target = rows && ctx.entityOf(ctx.rowsOf(rows))
      if (!target) continue
      checkColumns(ctx, target, datum.columns, { ...at, pointer: `${at.pointer}/columns` })
      for (const key of datum.sort ?? []) if (!Object.hasOwn(datum.columns, key.replace(/^[-+]/, ''))) ctx.path(target, key.replace(/^[-+]/, ''), { ...at, pointer: `${at.pointer}/sort` })
    }
    for (const f of ctx.options.checkTemplate?.(t) ?? []) ctx.findings.push(f)
  }
}
