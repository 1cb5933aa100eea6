import type { TemplateDef } from '../model.ts'
import { compact, Cursor } from '../load/cursor.ts'
import type { Doc } from '../load/doc.ts'
import { readColumn, readColumns } from './columns.ts'

export interface TemplateParts { layer: string; name: string; folder: string; json: Doc; html: string; css: string; sample: Doc }

const readDatum = (c: Cursor, key: string): TemplateDef['data'][string] => {
  const rows = c.at('rows').feel()
  if (rows === undefined) return readColumn(c, key)
  return compact({ rows, columns: readColumns(c.at('columns')), sort: c.at('sort').names() })
}

export const resolveTemplate = ({ layer, name, folder, json, html, css, sample }: TemplateParts): TemplateDef => {
  const c = new Cursor(json)
  const kind = c.at('kind').string()
  return compact<TemplateDef>({
    id: name, family: layer, title: c.at('title').text() ?? { zh: name }, kind: kind === 'xlsx' || kind === 'text' ? kind : 'pdf', entity: c.at('entity').string() ?? '',
    data: c.at('data').map(readDatum), paper: c.at('paper').string(), landscape: c.at('landscape').boolean(), margins: c.at('margins').string(), filename: c.at('filename').string(),
    scope: c.at('scope').string() === 'group' ? 'group' : 'record', perPage: c.at('perPage').number(), subject: c.at('subject').string(),
    html, css, sample: new Cursor(sample).object() ?? {}, sheet: c.at('sheet').object(), file: folder,
  })
}
