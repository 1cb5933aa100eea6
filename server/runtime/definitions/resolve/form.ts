import type { AccessDef, Dict, EditDef, FormDef, ListDef, PropertyDef, SectionDef, Text } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'
import { readAction } from './actions.ts'
import { readColumns } from './columns.ts'
import { readImport } from './imports.ts'
import { readDocument, readExport, readList, readLookup, readMenu, readReport } from './lists.ts'

const readEdit = (c: Cursor): EditDef =>
  c.isObject ? compact({ if: c.at('if').feel(), role: c.at('role').names(), fields: c.at('fields').names() ?? [] }) : { fields: c.names() ?? [] }

const readAccess = (c: Cursor): AccessDef => {
  if (!c.isObject) return { can: c.names() ?? [], fields: {} }
  const flag = (f: Cursor): boolean | string | undefined => f.boolean() ?? f.string()
  const scope = c.at('scope').map((s) => s.names())
  return compact<AccessDef>({
    can: c.at('can').names() ?? [], where: c.at('where').feel(), scope: Object.keys(scope).length > 0 ? scope : undefined,
    fields: c.at('fields').map((f) => compact({ hidden: flag(f.at('hidden')), mask: f.string() ?? f.at('mask').string(), readOnly: flag(f.at('readOnly')) })),
  })
}

const readSection = (c: Cursor): SectionDef => {
  if (!c.isObject) return { fields: c.names() ?? [] }
  const columns = c.at('columns').number()
  return compact<SectionDef>({ title: c.at('title').text(), fields: c.at('fields').names() ?? [], columns: columns === 1 || columns === 2 || columns === 3 ? columns : undefined, help: c.at('help').text(), if: c.at('if').feel(), ...(c.at('rows').exists ? { rows: c.at('rows').feel(), cells: readColumns(c.at('cells')), sort: c.at('sort').names() } : {}) })
}

const readLayout = (c: Cursor): FormDef['layout'] => ({
  sections: c.at('sections').map(readSection),
  widgets: c.at('widgets').map((w) => {
    const widget = w.string() ?? w.at('widget').string()
    const { widget: _, options, ...rest } = w.object() ?? {}
    const all = { ...rest, ...(typeof options === 'object' && options !== null && !Array.isArray(options) ? options : {}) }
    return { widget: widget ?? '', ...(Object.keys(all).length > 0 ? { options: all } : {}) }
  }),
})

const defaultList = (title: Text, properties: Dict<PropertyDef>): ListDef => {
  const shown = Object.values(properties).filter((p) => p.column && p.sensitive === undefined).slice(0, 8)
  return { title, columns: Object.fromEntries(shown.map((p) => [p.name, { path: p.path }])), filters: {} }
}

/** Without `edit` all fields of a plain record are open; one with a process or an owner is unlocked by those alone. */
const readEdits = (c: Cursor, governed: boolean): Dict<EditDef> =>
  c.exists ? c.map(readEdit) : governed ? {} : { all: { fields: ['*'] } }

const readDelete = (c: Cursor, process: boolean): FormDef['delete'] => {
  if (c.value === null || c.value === false) return null
  if (!c.exists) return process ? null : {}
  return compact({ if: c.feel() ?? c.at('if').feel(), orphan: c.at('orphan').string() })
}

const readCreate = (c: Cursor): FormDef['create'] =>
  c.value === false || c.value === null ? { via: [] } : compact({ if: c.feel() ?? c.at('if').feel(), via: c.at('via').names(), title: c.at('title').text() })

/** form.json (absent = defaults) of the entity whose properties are given. */
export const readForm = (c: Cursor, entity: { name: string; title: Text; properties: Dict<PropertyDef>; owned: boolean }): FormDef => {
  const title = c.at('title').text() ?? entity.title
  const process = c.at('process').string() ?? (c.at('process').value === true ? entity.name : undefined)
  const written = c.at('lists').map((l, id) => readList(l, id, title))
  const lists = Object.keys(written).length > 0 ? written : { [entity.name]: defaultList(title, entity.properties) }
  const firstList = Object.keys(lists)[0] ?? entity.name
  return compact<FormDef>({
    title, menu: readMenu(c.at('menu')), layout: readLayout(c.at('layout')), scope: c.at('scope').map((s) => s.names()), lists,
    imports: c.at('imports').map(readImport), exports: c.at('exports').map((e, id) => readExport(e, id, firstList)), reports: c.at('reports').map((r, id) => readReport(r, id, entity.name)),
    documents: c.at('documents').map(readDocument), actions: c.at('actions').map(readAction), lookups: c.at('lookups').map(readLookup),
    create: readCreate(c.at('create')), edit: readEdits(c.at('edit'), process !== undefined || entity.owned), delete: readDelete(c.at('delete'), process !== undefined),
    access: c.at('access').map(readAccess), process,
  })
}
