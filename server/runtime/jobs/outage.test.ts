import { expect, it } from 'vitest'
import type { Log } from '#server/platform/log.ts'
import { createOutage } from './outage.ts'

const listening = () => {
  const told: string[] = []
  const hear = (_: unknown, text: string): void => { told.push(text) }
  return { told, outage: createOutage({ error: hear, info: hear } as unknown as Log, 'away', 'back') }
}
const moment = (): Promise<void> => new Promise((go) => { setTimeout(go, 2) })

it('tells an outage once and its end once, however many tries met it', async () => {
  const { told, outage } = listening()
  outage.attempt().failed(new Error())
  outage.attempt().failed(new Error())
  await moment()
  outage.attempt().worked()
  expect(told).toEqual(['away', 'back'])
})

it('does not begin again by a try that was still failing when another worked', async () => {
  const { told, outage } = listening()
  outage.attempt().failed(new Error())
  const slow = outage.attempt()
  await moment()
  outage.attempt().worked()
  slow.failed(new Error())
  expect(told).toEqual(['away', 'back'])
})

it('is not over by what began before it', async () => {
  const { told, outage } = listening()
  const long = outage.attempt()
  await moment()
  outage.attempt().failed(new Error())
  long.worked()
  expect([told, outage.pauseMs() !== undefined]).toEqual([['away'], true])
})
