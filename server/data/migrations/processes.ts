import type { Migration } from './builder.ts'

/** Markings are interned: instances that stand alike share one row. */
export const processes: Migration = {
  name: '0002-processes',
  async up(b) {
    await b.table('process_markings', [
      `id ${b.id} PRIMARY KEY`, `process_version ${b.text(190)} NOT NULL`, `hash ${b.text(64)} NOT NULL`, `tokens ${b.json} NOT NULL`,
    ], { u_hash: 'process_version, hash' })
    await b.table('process_instances', [
      `id ${b.id} PRIMARY KEY`, `process ${b.text(190)} NOT NULL`, `version ${b.text(60)} NOT NULL`, `program ${b.text(120)}`,
      `entity ${b.text(190)} NOT NULL`, `record_id ${b.id} NOT NULL`, `marking_id ${b.id} NOT NULL`, `vars ${b.json} NOT NULL`,
      `rev ${b.integer} NOT NULL DEFAULT 1`, `started_at ${b.time} NOT NULL`, `ended ${b.time}`,
    ], { record: 'entity, record_id', marking: 'marking_id', version: 'process, version, ended' })
    await b.table('tasks', [
      `id ${b.id} PRIMARY KEY`, `instance_id ${b.id} NOT NULL`, `token ${b.integer} NOT NULL`, `element ${b.text(120)} NOT NULL`,
      `entity ${b.text(190)} NOT NULL`, `record_id ${b.id} NOT NULL`, `program ${b.text(120)}`, `role ${b.text(120)}`, `org ${b.id}`, `assignee ${b.id}`,
      `due ${b.time}`, `created_at ${b.time} NOT NULL`, `completed_at ${b.time}`, `completed_by ${b.id}`, `outcome ${b.text(120)}`,
    ], {
      instance: 'instance_id, completed_at', record: 'record_id, completed_at',
      inbox: 'role, org, completed_at, due, id', assignee: 'assignee, completed_at, due, id',
    })
    await b.table('timers', [
      `id ${b.id} PRIMARY KEY`, `instance_id ${b.id} NOT NULL`, `token ${b.integer} NOT NULL`, `element ${b.text(120)} NOT NULL`,
      `due ${b.time} NOT NULL`, `expr ${b.longText}`, `reads_json ${b.json}`, `fired_at ${b.time}`, `lease_until ${b.time}`, `lease_owner ${b.text(64)}`,
    ], { due: 'fired_at, due, id', instance: 'instance_id, fired_at' })
    await b.table('incidents', [
      `id ${b.id} PRIMARY KEY`, `instance_id ${b.id} NOT NULL`, `token ${b.integer}`, `element ${b.text(120)}`, `entity ${b.text(190)}`, `record_id ${b.id}`,
      `program ${b.text(120)}`, `code ${b.text(60)} NOT NULL`, `message ${b.longText} NOT NULL`, `detail ${b.json}`, `attempts ${b.integer} NOT NULL DEFAULT 0`,
      `created_at ${b.time} NOT NULL`, `resolved_at ${b.time}`, `resolved_by ${b.id}`,
    ], { open: 'resolved_at, created_at, id', instance: 'instance_id, resolved_at' })
  },
}
