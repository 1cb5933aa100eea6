import type { Migration } from './builder.ts'

/** What a program was answered, by the key it gave its request: asked again it gets the same answer, and nothing is done twice. */
export const apiAnswers: Migration = {
  name: '0021-api-answers',
  async up(b) {
    await b.table('api_answers', [
      `id ${b.id} PRIMARY KEY`, `user_id ${b.id} NOT NULL`, `idempotency_key ${b.text(100)} NOT NULL`, `request ${b.text(64)} NOT NULL`,
      // sealed; null while the request is being worked on
      `answer ${b.longText}`, `at ${b.time} NOT NULL`,
    ], { u_key: 'user_id, idempotency_key', at: 'at' })
  },
}
