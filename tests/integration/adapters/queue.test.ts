import { createServer, type AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { openQueue } from '#server/adapters/queue/index.ts'
import { silentLog } from '#server/platform/log.ts'

const closedPort = (): Promise<number> => new Promise((resolve) => {
  const probe = createServer()
  probe.listen(0, '127.0.0.1', () => { const { port } = probe.address() as AddressInfo; probe.close(() => resolve(port)) })
})

it('says once that the queue does not answer, loses nothing by it and ends at once', async () => {
  const lines: string[] = []
  const log = Object.assign(Object.create(silentLog()) as ReturnType<typeof silentLog>, { warn: (...args: unknown[]) => { lines.push(String(args.at(-1))) } })
  const queue = openQueue(`redis://127.0.0.1:${await closedPort()}/0`, log)
  let taken = 0
  queue.listen(2, async () => { taken++ })
  for (let n = 0; n < 20; n++) { queue.announce({ id: String(n), delayMs: 0 }); await new Promise((go) => { setTimeout(go, 50) }) }
  expect(queue.connected()).toBe(false)
  const from = performance.now()
  await queue.close()
  expect(performance.now() - from).toBeLessThan(4_000)
  expect(taken).toBe(0)
  expect(lines).toEqual(['QUEUE_URL: the queue does not answer; workers look into the table of jobs until it does'])
})
