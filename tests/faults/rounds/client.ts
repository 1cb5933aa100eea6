import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Actor } from '#server/runtime/context.ts'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import type { Services } from '#server/services.ts'
import { pause } from './wait.ts'

export interface Answer { ok: boolean; text: string; /** how often it was asked before an answer came */ tries: number }
export interface Press { user: string; entity: string; button: string; ids: string[]; signature?: string }
export interface Upload { user: string; entity: string; import: string; file: string; params: JsonObject }
/** What a person or program outside does. */
export interface Client {
  press(ask: Press): Promise<Answer>
  upload(ask: Upload): Promise<Answer>
}

const GIVE_UP_MS = 240_000

/** REST requests to any of the web processes that run; asked again under the same key when one dies under the request. */
export const restClient = (webs: () => string[], token: (user: string) => Promise<string>): Client => {
  const ask = async (user: string, path: string, init: () => Promise<RequestInit>): Promise<Answer> => {
    const key = randomUUID()
    for (let tries = 1, end = performance.now() + GIVE_UP_MS; ; tries++) {
      const addresses = webs()
      const base = addresses[tries % Math.max(1, addresses.length)]
      const made = await init()
      const headers = { ...(made.headers as Record<string, string> | undefined), Authorization: `Bearer ${await token(user)}`, 'Idempotency-Key': key }
      const answer = base === undefined ? null : await fetch(`${base}/api/v1/vslc/${path}`, { method: 'POST', ...made, headers }).catch(() => null)
      // 503: busy or away, and says so
      if (answer && answer.status !== 503) {
        const text = await answer.text().catch(() => null)
        if (text !== null) return { ok: answer.ok, text: `${answer.status} ${text}`, tries }
      }
      if (performance.now() > end) throw new Error(`no web process answered POST ${path} within ${GIVE_UP_MS / 1000} s`)
      await pause(200)
    }
  }
  return {
    press: ({ user, entity, button, ids, signature }) => ask(user, ids.length === 1 ? `${entity}/${ids[0]!}/${button}` : `${entity}/actions/${button}`, async () => ({
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...(ids.length === 1 ? {} : { ids }), ...(signature ? { signature } : {}) }),
    })),
    upload: ({ user, entity, import: id, file, params }) => ask(user, `${entity}/imports/${id}`, async () => {
      const form = new FormData()
      form.append('params', JSON.stringify(params))
      form.append('file', new Blob([new Uint8Array(await readFile(file))]), basename(file))
      return { body: form }
    }),
  }
}

/** The same without a web process. */
export const servicesClient = (services: Services, actor: (user: string) => Promise<Actor>): Client => ({
  async press({ user, entity, button, ids, signature }) {
    const r = await services.act(await actor(user), entity, { button, ids, ...(signature ? { signature } : {}) })
    return { ok: r.ok && r.refused.length === 0, text: JSON.stringify(r), tries: 1 }
  },
  async upload({ user, entity, import: id, file, params }) {
    const who = await actor(user)
    const stored = await services.files.put(who, { name: basename(file), entity, purpose: 'import' }, createReadStream(file))
    const r = stored.ok ? await services.imports.start(who, entity, id, { file: stored.id, params }) : stored
    return { ok: r.ok, text: JSON.stringify(r), tries: 1 }
  },
})
