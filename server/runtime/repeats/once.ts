import type { Engine } from '#server/runtime/records/index.ts'
import { findAnswer, forgetKey, keepAnswer, takeKey, type Kept } from './answers.store.ts'

/** What a program is answered: HTTP status, a body for JSON, headers. */
export interface Reply { status: number; body?: unknown; headers?: Record<string, string> }
/** `request` tells requests apart, such as a hash of method, address and body. `apart`: what is asked for reaches beyond the database. */
export interface Asked { user: string; key: string; request: string; apart: boolean }
/** other = the key belongs to another request; unknown = its request is being worked on, or ended without anybody knowing how */
export type Once = { kind: 'done'; reply: Reply; again: boolean } | { kind: 'other' } | { kind: 'unknown' }

/**
 * Works a request at most once per key. The key, what is done and the answer commit together, so that whoever got no answer may ask
 * again. A refusal has done nothing and frees its key. What reaches beyond the database cannot commit with it: a key whose request
 * was cut off there stays unknown.
 */
export async function once(engine: Engine, asked: Asked, run: () => Promise<Reply>): Promise<Once> {
  if (asked.apart) return onceApart(engine, asked, run)
  return engine.db.tx(async () => {
    const known = await findAnswer(engine, asked.user, asked.key)
    if (known) return recall(engine, asked, known)
    // within the same transaction as the work: somebody at the same time waits here until that has ended
    const id = await engine.db.savepoint(() => takeKey(engine, asked.user, asked.key, asked.request))
    if (id === null) return remembered(engine, asked)
    return finish(engine, id, await run())
  })
}

async function onceApart(engine: Engine, asked: Asked, run: () => Promise<Reply>): Promise<Once> {
  const known = await findAnswer(engine, asked.user, asked.key)
  if (known) return recall(engine, asked, known)
  const id = await takeKey(engine, asked.user, asked.key, asked.request)
  return id === null ? remembered(engine, asked) : finish(engine, id, await run())
}

const place = (id: string) => ({ table: 'api_answers', column: 'answer', row: id })

async function finish(engine: Engine, id: string, reply: Reply): Promise<Once> {
  if (reply.status >= 400) await forgetKey(engine, id)
  else await keepAnswer(engine, id, engine.sealing.seal(JSON.stringify(reply), place(id)))
  return { kind: 'done', reply, again: false }
}

async function remembered(engine: Engine, asked: Asked): Promise<Once> {
  const known = await findAnswer(engine, asked.user, asked.key)
  return known ? recall(engine, asked, known) : { kind: 'unknown' }
}

function recall(engine: Engine, asked: Asked, { id, request, answer }: Kept): Once {
  if (request !== asked.request) return { kind: 'other' }
  return answer === null ? { kind: 'unknown' } : { kind: 'done', reply: JSON.parse(engine.sealing.open(answer, place(id))) as Reply, again: true }
}
