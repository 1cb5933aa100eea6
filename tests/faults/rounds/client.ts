import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import { pause } from './wait.ts'

export interface Answer { status: number; body: JsonObject; /** how often it was asked before an answer came */ tries: number }
/** What a person or program outside does; asks again when a web process dies under the request, as they would. */
export interface Client {
  press(token: string, path: string, body: JsonObject): Promise<Answer>
  upload(token: string, path: string, file: string, params: JsonObject): Promise<Answer>
}

const GIVE_UP_MS = 90_000

/** REST requests to any of the web processes that run. */
export const restClient = (webs: () => string[]): Client => {
  const ask = async (token: string, path: string, init: () => Promise<RequestInit>): Promise<Answer> => {
    for (let tries = 1, end = performance.now() + GIVE_UP_MS; ; tries++) {
      const addresses = webs()
      const base = addresses[tries % Math.max(1, addresses.length)]
      const answer = base === undefined ? null : await fetch(`${base}/api/v1/${path}`, { method: 'POST', ...(await withToken(token, init)) }).catch(() => null)
      // 503: busy or away, and says so
      if (answer && answer.status !== 503) {
        const body = await answer.json().catch(() => null) as JsonObject | null
        if (body) return { status: answer.status, body, tries }
      }
      if (performance.now() > end) throw new Error(`no web process answered POST ${path} within ${GIVE_UP_MS / 1000} s`)
      await pause(200)
    }
  }
  return {
    press: (token, path, body) => ask(token, path, async () => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })),
    upload: (token, path, file, params) => ask(token, path, async () => {
      const form = new FormData()
      form.append('params', JSON.stringify(params))
      form.append('file', new Blob([new Uint8Array(await readFile(file))]), basename(file))
      return { body: form }
    }),
  }
}

const withToken = async (token: string, init: () => Promise<RequestInit>): Promise<RequestInit> => {
  const made = await init()
  return { ...made, headers: { ...(made.headers as Record<string, string> | undefined), Authorization: `Bearer ${token}` } }
}
