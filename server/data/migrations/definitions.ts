import type { Migration } from './builder.ts'

/** Published versions of definitions, and which table columns they have led to. */
export const definitions: Migration = {
  name: '0001-definitions',
  async up(b) {
    await b.table('definitions_versions', [
      `id ${b.id} PRIMARY KEY`, `programme ${b.text(120)} NOT NULL`, `family ${b.text(120)} NOT NULL`, `version ${b.text(60)} NOT NULL`,
      // draft building published retired
      `state ${b.text(20)} NOT NULL`, `checksum ${b.text(64)} NOT NULL`, `content ${b.longText} NOT NULL`, `notes ${b.longText}`,
      `created_by ${b.id}`, `created_at ${b.time} NOT NULL`, `published_by ${b.id}`, `published_at ${b.time}`,
    ], { u_version: 'programme, version', state: 'programme, state, published_at' })
    await b.table('entity_tables', [
      `table_name ${b.text(64)} PRIMARY KEY`, `entity ${b.text(190)} NOT NULL`, `columns_json ${b.json} NOT NULL`, `indexes_json ${b.json} NOT NULL`,
      `retired_json ${b.json}`, `updated_at ${b.time} NOT NULL`,
    ], { entity: 'entity' })
    await b.table('settings', [`name ${b.text(120)} PRIMARY KEY`, `value ${b.json} NOT NULL`, `updated_by ${b.id}`, `updated_at ${b.time} NOT NULL`])
  },
}
