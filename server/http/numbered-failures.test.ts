import type { ServerBuild } from '@remix-run/node'
import { expect, it } from 'vitest'
import { withNumberedFailures } from './numbered-failures.ts'

const seen: [unknown, string][] = []
const loaderOf = (loader: () => unknown) => {
  const build = withNumberedFailures({ routes: { page: { id: 'page', path: 'page', module: { default: () => null, loader } } } } as unknown as ServerBuild, (error, id) => { seen.push([error, id]) })
  return build.routes['page']?.module.loader as unknown as (args: { context: { requestId: string } }) => Promise<unknown>
}
const context = { requestId: 'number-1' }

it('answers a failure with its number alone and tells the log the cause', async () => {
  const cause = new Error('SELECT secret FROM person')
  const answer = await loaderOf(() => { throw cause })({ context }).catch((error: unknown) => error as Response)
  expect([(answer as Response).status, await (answer as Response).json()]).toEqual([500, { id: 'number-1' }])
  expect(seen).toEqual([[cause, 'number-1']])
})

it('lets answers and refusals through as they are', async () => {
  const refusal = Response.json({ message: '无权' }, { status: 403 })
  expect(await loaderOf(() => 'data')({ context })).toBe('data')
  await expect(loaderOf(() => { throw refusal })({ context })).rejects.toBe(refusal)
})

it('leaves a page without a loader without one', () => {
  const build = withNumberedFailures({ routes: { page: { id: 'page', path: 'page', module: { default: () => null } } } } as unknown as ServerBuild)
  expect(build.routes['page']?.module.loader).toBeUndefined()
})
