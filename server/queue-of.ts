import type { Config } from './platform/config.ts'
import type { Log } from './platform/log.ts'
import type { Dispatcher } from './runtime/jobs/index.ts'

/** What calls workers of other processes, where the configuration names it; its packages load only then. */
export const queueOf = async (config: Pick<Config, 'queue'>, log: Log): Promise<Dispatcher | undefined> =>
  config.queue ? (await import('./adapters/queue/index.ts')).openQueue(config.queue, log) : undefined
