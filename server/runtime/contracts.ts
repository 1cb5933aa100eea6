/**
 * What an operation may see. An operation is code for set-based work or an outside system; everything else is a definition.
 * It reads through `query`, gives back output, and never writes records itself: `set` and `make` of the process do.
 */
import type { Readable } from 'node:stream'
import type { Clock } from '#server/platform/clock.ts'
import type { Random } from '#server/platform/random.ts'
import type { Log } from '#server/platform/log.ts'
import type { JsonObject } from './definitions/model.ts'

export interface OperationContract {
  /** "family/verb" */
  id: string
  version: number
  title: { zh: string; en: string }
  /** JSON Schema of one input and one output */
  input: JsonObject
  output: JsonObject
  /** takes many inputs in one call */
  set: boolean
  idempotent: 'pure' | 'by-key' | 'no'
  reversible: boolean
  /** ms */
  timeout: number
  retries: number
  /** params and policies of the programme that it reads */
  reads: string[]
}
export interface OperationInput { /** the same for the same work, however often it is tried */ key: string; input: Record<string, unknown> }
export type OperationOutcome = { ok: true; output: Record<string, unknown> } | { ok: false; error: { code: string; message: string } }

export interface OperationQuery {
  entity: string
  /** FEEL over item, params and program */
  where?: string
  params?: Record<string, unknown>
  /** name -> FEEL path of item */
  columns: Record<string, string>
  order?: string[]
}
export interface OperationContext {
  clock: Clock
  random: Random
  log: Log
  now: number
  zone: string
  programme: string
  actor: { userId: string | null; orgId: string | null }
  param(name: string): unknown
  policy(name: string): 'off' | 'warn' | 'block'
  /** rows in batches, so that a hundred thousand do not stand in memory at once */
  query<R extends object>(query: OperationQuery): AsyncIterable<R[]>
  /** one document per record; a document that fails comes back with the reason for the person */
  documents: { render(template: string, entity: string, ids: string[], programme: string, each: (id: string, file: { id: string; name: string; bytes: number } | null, problem?: string) => Promise<void>, /** the same for the same work: what was printed under it before is taken again */ key?: (id: string) => string): Promise<void> }
  files: { open(id: string): Promise<Readable>; put(name: string, mime: string, body: Buffer, of?: { entity: string; record: string }): Promise<string> }
  /** accounts of people; a new password is shown once to whoever asked for it */
  accounts: { open(user: string, account: string): Promise<{ password: string }>; reset(user: string): Promise<{ password: string }>; create(input: { programme: string; account: string; name: string; phone: string; org: string | null; roles: string[] }): Promise<{ user: string; password: string }> }
  adapter<T>(name: string): T
  progress(done: number, total: number): Promise<void>
}
export interface Operation { contract: OperationContract; run(inputs: OperationInput[], ctx: OperationContext): Promise<OperationOutcome[]> }
