import type { Call } from '../context.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { ProcessCatalogue } from './store/catalogue.ts'

/** What the process store needs beside the records engine. */
export interface ProcessRuntime {
  engine: Engine
  catalogue: ProcessCatalogue
  enqueue(type: string, payload: unknown, options: { key: string; runAt?: number; createdBy?: string | null; org?: string | null }): Promise<string>
  notify(entry: { call: Call; to: { users: string[]; roles: { role: string; org: string | null }[]; addresses: string[] }; channels: string[]; title: string; body: string; entity: string; record: string; key: string }): Promise<void>
  /** the system acting in a programme: timers, operations */
  systemCall(programme: string, now: number): Call
}
