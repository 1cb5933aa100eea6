import type { Migration } from './builder.ts'

/** A set move is one event; its members are two integers each, so a record's trail unions both tables. */
export const history: Migration = {
  name: '0003-history',
  async up(b) {
    const event = [
      `entity ${b.text(190)} NOT NULL`, `instance_id ${b.id}`, `kind ${b.text(40)} NOT NULL`, `element ${b.text(120)}`, `outcome ${b.text(120)}`,
      `actor_id ${b.id}`, `actor_role ${b.text(120)}`, `actor_org ${b.id}`, `comment ${b.longText}`, `changes ${b.json}`, `at ${b.time} NOT NULL`,
    ]
    await b.table('history', [`id ${b.id} PRIMARY KEY`, `record_id ${b.id} NOT NULL`, `set_event_id ${b.id}`, ...event], { record: 'record_id, at, id', instance: 'instance_id' })
    await b.table('history_sets', [`id ${b.id} PRIMARY KEY`, ...event, `members ${b.integer} NOT NULL DEFAULT 0`], { entity: 'entity, at' })
    await b.table('history_set_members', [`record_id ${b.id} NOT NULL`, `set_id ${b.id} NOT NULL`, `chunk ${b.integer} NOT NULL DEFAULT 0`, 'PRIMARY KEY (record_id, set_id)'], { set: 'set_id' })
  },
}
