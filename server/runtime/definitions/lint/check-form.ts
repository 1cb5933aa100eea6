import type { ColumnDef, Dict, EntityDef } from '../model.ts'
import { suggest } from '../load/nearest.ts'
import { WIDGETS } from '../widgets.ts'
import { checkMake, checkSet } from './check-effects.ts'
import { checkInputs } from './check-imports.ts'
import type { LintContext, Place } from './context.ts'
import { inputType, LIST_ROWS, listNames, measureNames, ownNames, processNames } from './names.ts'

/** Columns of lists, exports, look-ups and documents: paths and expressions over one row. */
export const checkColumns = (ctx: LintContext, entity: EntityDef, columns: Dict<ColumnDef>, place: Place): void => {
  const check = (c: ColumnDef, pointer: string): void => {
    if (c.path !== undefined) ctx.path(entity, c.path, { ...place, pointer })
    if (c.expr !== undefined) {
      if (/\brows\s*\(/.test(c.expr)) ctx.report({ ...place, pointer }, 'rows-in-column', 'rows() does not stand in a column: every row would ask again', 'make it a read-time compute of the entity')
      ctx.feel(c.expr, { ...place, pointer, self: entity.id, names: listNames(entity) })
    }
    c.group?.forEach((g) => check(g, `${pointer}/group`))
  }
  for (const [key, c] of Object.entries(columns)) check(c, `${place.pointer}/${key}`)
}

const checkLists = (ctx: LintContext, e: EntityDef, artefact: Place['artefact']): void => {
  for (const [id, l] of Object.entries(e.form.lists)) {
    const at = (key: string): Place => ({ artefact, pointer: `/lists/${id}/${key}` })
    checkColumns(ctx, e, l.columns, at('columns'))
    for (const [key, f] of Object.entries(l.filters)) {
      const found = ctx.path(e, f.path, at(`filters/${key}`))
      const p = found?.property
      if (p && !p.column && p.compute?.at !== 'read' && !p.linkTable && p.kind !== 'object' && !found.many) ctx.report(at(`filters/${key}`), 'filter-column', `"${f.path}" cannot be filtered: it has no column`, 'add "x-column": true to the property')
    }
    ctx.feel(l.where, { ...at('where'), self: e.id, names: listNames(e), sql: true, queryRows: LIST_ROWS })
    if (l.tabs) {
      const found = ctx.path(e, l.tabs.by, at('tabs'))
      const codes = found && (found.property.states ? Object.keys(found.property.states) : found.property.enum)
      for (const [g, group] of Object.entries(l.tabs.groups ?? {})) for (const code of group.in) if (codes && !codes.includes(code)) ctx.report(at(`tabs/groups/${g}`), 'tab-code', `"${l.tabs.by}" never is "${code}"`, suggest(code, codes))
    }
    for (const part of (l.sort ?? '').split(/[\s,]+/).filter((s) => s !== '')) ctx.path(e, part.replace(/^[-+]/, ''), at('sort'))
    for (const name of l.require ?? []) if (!(name in l.filters)) ctx.report(at('require'), 'filter-unknown', `"${name}" is no filter of this list`, suggest(name, Object.keys(l.filters)))
    for (const role of l.roles ?? []) ctx.knowsRole(role, at('roles'))
    checkMeasures(ctx, e, l.cards ?? {}, at('cards'))
  }
}

const checkMeasures = (ctx: LintContext, e: EntityDef, measures: Dict<{ expr: string }>, place: Place): void => {
  const earlier: string[] = []
  for (const [id, m] of Object.entries(measures)) {
    ctx.feel(m.expr, { ...place, pointer: `${place.pointer}/${id}`, self: e.id, measure: true, names: measureNames(e, earlier) })
    earlier.push(id)
  }
}

const checkReports = (ctx: LintContext, e: EntityDef, artefact: Place['artefact']): void => {
  for (const [id, r] of Object.entries(e.form.reports)) {
    const at = (key: string): Place => ({ artefact, pointer: `/reports/${id}/${key}` })
    const source = ctx.entity(r.from)
    if (!source) { ctx.report(at('from'), 'entity-unknown', `the report reads "${r.from}", which does not exist`, suggest(r.from, Object.keys(ctx.programme.entities))); continue }
    for (const path of r.groupBy) ctx.path(source, path, at('groupBy'))
    ctx.feel(r.where, { ...at('where'), self: source.id, names: listNames(source), sql: true, queryRows: LIST_ROWS })
    checkMeasures(ctx, source, r.measures, at('measures'))
  }
}

const checkLocks = (ctx: LintContext, e: EntityDef, artefact: Place['artefact']): void => {
  const own = { artefact, self: e.id, names: ownNames(e) }
  for (const [id, d] of Object.entries(e.form.edit)) {
    ctx.feel(d.if, { ...own, pointer: `/edit/${id}/if` })
    for (const role of d.role ?? []) ctx.knowsRole(role, { artefact, pointer: `/edit/${id}/role` })
    checkFields(ctx, e, d.fields, { artefact, pointer: `/edit/${id}/fields` })
  }
  ctx.feel(e.form.delete?.if, { ...own, pointer: '/delete/if' })
  if (e.form.delete?.orphan !== undefined) ctx.path(e, e.form.delete.orphan, { artefact, pointer: '/delete/orphan' })
  ctx.feel(e.form.create.if, { ...own, pointer: '/create/if' })
  for (const via of e.form.create.via ?? []) {
    const [kind, name = ''] = via.split(':')
    if (kind !== 'import') continue
    const [owner, id] = name.includes('.') ? name.split('.') : [e.name, name]
    const known = ctx.entity(owner ?? '')?.form.imports ?? {}
    if (!Object.hasOwn(known, id ?? '')) ctx.report({ artefact, pointer: '/create/via' }, 'import-unknown', `there is no import "${name}"`, suggest(id ?? '', Object.keys(known)))
  }
  for (const [dimension, paths] of Object.entries(e.form.scope)) for (const path of paths) if (path !== '*') ctx.path(e, path, { artefact, pointer: `/scope/${dimension}` })
  for (const [id, s] of Object.entries(e.form.layout.sections)) {
    checkFields(ctx, e, s.fields, { artefact, pointer: `/layout/sections/${id}/fields` })
    ctx.feel(s.if, { ...own, pointer: `/layout/sections/${id}/if` })
    const rows = ctx.feel(s.rows, { ...own, pointer: `/layout/sections/${id}/rows` })
    const target = rows && ctx.entityOf(ctx.rowsOf(rows))
    if (target) checkColumns(ctx, target, s.cells ?? {}, { artefact, pointer: `/layout/sections/${id}/cells` })
    for (const key of s.sort ?? []) if (!Object.hasOwn(s.cells ?? {}, key.replace(/^-/, ''))) ctx.report({ artefact, pointer: `/layout/sections/${id}/sort` }, 'list-unknown', `"${key}" is no cell of this section`, suggest(key, Object.keys(s.cells ?? {})))
  }
  for (const [path, { widget }] of Object.entries(e.form.layout.widgets)) {
    const place: Place = { artefact, pointer: `/layout/widgets/${path}` }
    ctx.path(e, path, place)
    if (widget !== '' && !Object.hasOwn(WIDGETS, widget)) ctx.report(place, 'widget-unknown', `there is no widget "${widget}"`, suggest(widget, Object.keys(WIDGETS)))
  }
}

/** "*", "except" and "-name" beside paths. */
export const checkFields = (ctx: LintContext, e: EntityDef, fields: string[], place: Place): void => {
  for (const field of fields) if (field !== '*' && field !== 'except') ctx.path(e, field.replace(/^[-!]/, ''), place)
}

const checkActions = (ctx: LintContext, e: EntityDef, artefact: Place['artefact']): void => {
  for (const [id, a] of Object.entries(e.form.actions)) {
    const place: Place = { artefact, pointer: `/actions/${id}` }
    const scope = { self: e.id, names: { ...processNames(e), input: inputType(ctx.programme, a.inputs) } }
    ctx.feel(a.if, { ...place, ...scope, pointer: `${place.pointer}/if` })
    for (const list of a.list ?? []) if (!Object.hasOwn(e.form.lists, list)) ctx.report({ ...place, pointer: `${place.pointer}/list` }, 'list-unknown', `there is no list "${list}"`, suggest(list, Object.keys(e.form.lists)))
    checkFields(ctx, e, a.fields ?? [], { ...place, pointer: `${place.pointer}/fields` })
    checkInputs(ctx, a.inputs ?? {}, { ...place, pointer: `${place.pointer}/input` }, e)
    const known = ctx.options.operations
    if (a.operation !== undefined && known && !Object.hasOwn(known, a.operation)) ctx.report({ ...place, pointer: `${place.pointer}/operation` }, 'operation-unknown', `there is no operation "${a.operation}"`, suggest(a.operation, Object.keys(known)))
    a.set?.forEach((s) => checkSet(ctx, e, s, { ...place, pointer: `${place.pointer}/set` }, scope))
    a.make?.forEach((m) => checkMake(ctx, m, { ...place, pointer: `${place.pointer}/make` }, scope))
  }
}

const checkDocuments = (ctx: LintContext, e: EntityDef, artefact: Place['artefact']): void => {
  for (const [id, d] of Object.entries(e.form.documents)) {
    const place: Place = { artefact, pointer: `/documents/${id}` }
    if (!Object.hasOwn(ctx.programme.templates, d.template)) ctx.report(place, 'template-unknown', `there is no template "${d.template}"`, suggest(d.template, Object.keys(ctx.programme.templates)))
    for (const path of d.groupBy?.split(/\s+/) ?? []) ctx.path(e, path, { ...place, pointer: `${place.pointer}/groupBy` })
    ctx.feel(d.if, { ...place, pointer: `${place.pointer}/if`, self: e.id, names: ownNames(e) })
    ctx.feel(d.from, { ...place, pointer: `${place.pointer}/from`, self: e.id, names: listNames(e) })
    for (const list of d.list ?? []) if (!Object.hasOwn(e.form.lists, list)) ctx.report({ ...place, pointer: `${place.pointer}/list` }, 'list-unknown', `there is no list "${list}"`, suggest(list, Object.keys(e.form.lists)))
  }
  for (const [id, x] of Object.entries(e.form.exports)) {
    const place: Place = { artefact, pointer: `/exports/${id}` }
    if (!Object.hasOwn(e.form.lists, x.list)) ctx.report({ ...place, pointer: `${place.pointer}/list` }, 'list-unknown', `there is no list "${x.list}"`, suggest(x.list, Object.keys(e.form.lists)))
    checkColumns(ctx, e, x.columns, { ...place, pointer: `${place.pointer}/columns` })
  }
  for (const [id, l] of Object.entries(e.form.lookups)) {
    const place: Place = { artefact, pointer: `/lookups/${id}` }
    const scope = { ...place, self: e.id, names: { ...listNames(e) } }
    for (const [key, k] of Object.entries(l.keys)) ctx.path(e, k.path, { ...place, pointer: `${place.pointer}/keys/${key}` })
    for (const rule of l.rules) if (!Object.hasOwn(e.rules, rule)) ctx.report({ ...place, pointer: `${place.pointer}/rules` }, 'rule-unknown', `there is no x-rule "${rule}"`, suggest(rule, Object.keys(e.rules)))
    ctx.feel(l.where, { ...scope, pointer: `${place.pointer}/where`, sql: true, queryRows: LIST_ROWS })
    ctx.feel(l.orCreate, { ...scope, pointer: `${place.pointer}/orCreate` })
    checkColumns(ctx, e, l.show, { ...place, pointer: `${place.pointer}/show` })
    for (const [path, expr] of Object.entries(l.claim ?? {})) { ctx.path(e, path, { ...place, pointer: `${place.pointer}/claim/${path}` }); ctx.feel(expr, { ...scope, pointer: `${place.pointer}/claim/${path}` }) }
  }
}

/** Everything form.json names exists, and its FEEL stands where it may. */
export const checkForm = (ctx: LintContext, e: EntityDef): void => {
  const artefact = `form:${e.id}` as const
  checkLists(ctx, e, artefact)
  checkReports(ctx, e, artefact)
  checkLocks(ctx, e, artefact)
  checkActions(ctx, e, artefact)
  checkDocuments(ctx, e, artefact)
  if (e.form.process !== undefined && !Object.hasOwn(ctx.programme.processes, e.form.process)) ctx.report({ artefact, pointer: '/process' }, 'process-unknown', `there is no process "${e.form.process}"`, suggest(e.form.process, Object.keys(ctx.programme.processes)))
}
