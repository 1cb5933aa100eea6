import type { Migration } from './builder.ts'

/** Whose a task has become, who gets it back, and instances that are suspended with what reached them meanwhile. */
export const taskMoves: Migration = {
  name: '0020-task-moves',
  async up(b) {
    // claimed: the assignee took it, or was given it, and may put it back
    await b.addColumn('tasks', `claimed_at ${b.time}`)
    // delegated: who gets it back for the outcome
    await b.addColumn('tasks', `owner ${b.id}`)
    await b.addColumn('process_instances', `suspended_at ${b.time}`)
    await b.table('process_held', [
      `id ${b.id} PRIMARY KEY`, `instance_id ${b.id} NOT NULL`, `kind ${b.text(20)} NOT NULL`, `name ${b.text(190)} NOT NULL`, `at ${b.time} NOT NULL`,
    ], { instance: 'instance_id, id' })
  },
}
