import { createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { Actor, Services } from '#app/gateway/contracts.server.ts'
import { createFakeServices } from '#tests/support/fake-services.ts'
import { ActionsContext } from './actions/use-actions.ts'
import { ListScreen } from './list/list-screen.tsx'
import { RecordScreen } from './record/record-screen.tsx'
import { LookupScreen } from './public/lookup-screen.tsx'

const services: Services = createFakeServices()
const signed = await services.session.signIn({ account: 'desk', password: 'secret123', address: '' })
const actor = (signed.ok ? (await services.session.resolve(signed.token))?.actor : undefined) as Actor
const shell = await services.shell(actor)

/** The screen as the server sends it, inside the data the routes above it would have loaded. */
const render = (screen: ReactNode): string => {
  const page = <ActionsContext.Provider value={{ press: () => undefined, busy: null }}>{screen}</ActionsContext.Provider>
  const child = { id: 'routes/_app', path: '', element: page }
  const root = { id: 'root', path: '/', children: [child] }
  const matches = [root, child].map((route) => ({ route, params: {}, pathname: '/', pathnameBase: '/' }))
  const context = {
    basename: '/', location: { pathname: '/', search: '', hash: '', key: 'default', state: null }, matches, actionData: null, errors: null, statusCode: 200, loaderHeaders: {}, actionHeaders: {}, activeDeferreds: null,
    loaderData: { root: { lang: 'zh' }, 'routes/_app': { csrf: 'c', accent: '#0f766e', person: actor, shell } },
  }
  return renderToString(<StaticRouterProvider router={createStaticRouter([root], context as never)} context={context as never} hydrate={false} />)
}

describe('the screens without a browser', () => {
  it('a list shows its rows, tabs with counts, filters and why a button is off', async () => {
    const result = await services.list(actor, 'lib/loan', undefined, { size: 10 })
    const html = result.ok ? render(<ListScreen view={result.view} />) : ''
    expect(html).toContain('JY202600001')
    expect(html).toContain('共137条')
    expect(html).toContain('结束本季: 还有 28 条借阅未归还; 本季截止时间未到')
    expect(html).toContain('请输入关键字搜索后选择')
  })
  it('an empty list says why it is empty', async () => {
    const result = await services.list(actor, 'lib/loan', 'overdue', {})
    expect(result.ok ? render(<ListScreen view={result.view} />) : '').toContain('没有超期的借阅')
  })
  it('a record shows its state, who has it, and times in the family’s zone', async () => {
    const result = await services.record(actor, 'lib/loan', '1000')
    const html = result.ok ? render(<RecordScreen view={result.view} />) : ''
    expect(html).toContain('未提交')
    expect(html).toContain('市图书馆总馆')
    expect(html).toContain('2026-12-01 17:30')
  })
  it('a public look-up is a plain form that works without scripts', async () => {
    const lookups = await services.lookups.list('zh')
    const html = render(<LookupScreen title="核验" path="/verify" lookups={lookups} chosen={lookups[0] ?? null} given={{ number: '2026' }} answer={undefined} />)
    expect(html).toMatch(/<form method="post"/)
    expect(html).toContain('name="key.number"')
    expect(html).toContain('value="2026"')
  })
})
