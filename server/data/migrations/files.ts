import type { Migration } from './builder.ts'

export const files: Migration = {
  name: '0005-files',
  async up(b) {
    await b.table('files', [
      `id ${b.id} PRIMARY KEY`, `sha256 ${b.text(64)} NOT NULL`, `locator ${b.text(190)} NOT NULL`, `kind ${b.text(40)} NOT NULL`, `name ${b.text(255)} NOT NULL`,
      `mime ${b.text(120)} NOT NULL`, `bytes ${b.integer} NOT NULL`, `key_id ${b.text(40)}`, `entity ${b.text(190)}`, `record_id ${b.id}`, `path ${b.text(190)}`,
      `created_by ${b.id}`, `org ${b.id}`, `created_at ${b.time} NOT NULL`, `expires_at ${b.time}`, `purged_at ${b.time}`,
    ], { locator: 'locator', record: 'record_id, path', expiry: 'purged_at, expires_at' })
    const transfer = [
      `entity ${b.text(190)} NOT NULL`, `program ${b.text(120)}`, `org ${b.id}`, `operator_id ${b.id}`, `operator_role ${b.text(120)}`,
      // waiting running done failed cancelled
      `state ${b.text(20)} NOT NULL`, `job_id ${b.id}`, `created_at ${b.time} NOT NULL`, `finished_at ${b.time}`,
    ]
    await b.table('imports', [
      `id ${b.id} PRIMARY KEY`, `import_id ${b.text(120)} NOT NULL`, ...transfer, `params ${b.json}`, `imported_at ${b.time}`,
      `total ${b.integer} NOT NULL DEFAULT 0`, `ok_count ${b.integer} NOT NULL DEFAULT 0`, `fail_count ${b.integer} NOT NULL DEFAULT 0`,
      `source_file ${b.id}`, `fail_file ${b.id}`, `error ${b.json}`,
    ], { list: 'entity, org, created_at, id', operator: 'operator_id, created_at, id' })
    await b.table('exports', [
      `id ${b.id} PRIMARY KEY`, `export_id ${b.text(120)} NOT NULL`, ...transfer, `query ${b.json}`, `row_count ${b.integer} NOT NULL DEFAULT 0`,
      `file_id ${b.id}`, `expires_at ${b.time}`, `error ${b.json}`,
    ], { list: 'entity, org, created_at, id', operator: 'operator_id, created_at, id' })
  },
}
