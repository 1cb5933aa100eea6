import { isAppError } from '#server/platform/errors.ts'
import type { Engine } from '#server/runtime/records/index.ts'

export interface Kept { id: string; request: string; answer: string | null }
interface Row { id: number | string; request: string; answer: string | null }

export async function findAnswer({ db }: Engine, user: string, key: string): Promise<Kept | null> {
  const row = await db.one<Row>('SELECT id, request, answer FROM api_answers WHERE user_id = ? AND idempotency_key = ?', [Number(user), key])
  return row ? { ...row, id: String(row.id) } : null
}

/** The id of the new entry; null where another request has just taken the key. */
export async function takeKey({ db, ids, clock }: Engine, user: string, key: string, request: string): Promise<string | null> {
  const id = ids.next()
  try {
    await db.insertMany('api_answers', ['id', 'user_id', 'idempotency_key', 'request', 'at'], [[Number(id), Number(user), key, request, clock.now()]])
    return id
  } catch (error) {
    if (isAppError(error, 'DB_UNIQUE')) return null
    throw error
  }
}

export const keepAnswer = async ({ db }: Engine, id: string, answer: string): Promise<void> => { await db.run('UPDATE api_answers SET answer = ? WHERE id = ?', [answer, Number(id)]) }
export const forgetKey = async ({ db }: Engine, id: string): Promise<void> => { await db.run('DELETE FROM api_answers WHERE id = ?', [Number(id)]) }
export const purgeAnswers = ({ db }: Engine, before: number): Promise<unknown> => db.run('DELETE FROM api_answers WHERE at < ?', [before])
