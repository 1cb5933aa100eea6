import type { Migration } from './builder.ts'

export const jobs: Migration = {
  name: '0004-jobs',
  async up(b) {
    await b.table('jobs', [
      `id ${b.id} PRIMARY KEY`, `type ${b.text(120)} NOT NULL`, `idempotency_key ${b.text(190)}`, `payload ${b.json} NOT NULL`,
      // queued running done failed cancelled
      `state ${b.text(20)} NOT NULL`, `attempts ${b.integer} NOT NULL DEFAULT 0`, `max_attempts ${b.integer} NOT NULL`, `run_at ${b.time} NOT NULL`,
      `lease_until ${b.time}`, `lease_owner ${b.text(64)}`, `cancel_requested ${b.bool} NOT NULL DEFAULT 0`,
      `progress ${b.json}`, `checkpoint_json ${b.json}`, `result ${b.json}`, `error ${b.json}`,
      `created_by ${b.id}`, `org ${b.id}`, `created_at ${b.time} NOT NULL`, `started_at ${b.time}`, `finished_at ${b.time}`,
    ], { u_key: 'idempotency_key', ready: 'state, run_at, id', lease: 'state, lease_until', owner: 'created_by, created_at, id', org: 'org, created_at, id' })
  },
}
