import type { ServerBuild } from '@remix-run/node'
import type { HostContext } from './context.ts'

type Handler = (args: { context: unknown }) => unknown
export type OnError = (error: unknown, requestId: string) => void

const numbered = (handler: Handler, onError: OnError | undefined): Handler => async (args) => {
  try {
    return await handler(args)
  } catch (error) {
    // a redirect or a refusal is an answer, not a failure
    if (error instanceof Response) throw error
    const { requestId } = args.context as HostContext
    onError?.(error, requestId)
    throw Response.json({ id: requestId }, { status: 500 })
  }
}

/** Pages that fail tell the log what happened and the person the number to report, never each other's. */
export const withNumberedFailures = (build: ServerBuild, onError?: OnError): ServerBuild => {
  const wrap = (handler: unknown): unknown => (typeof handler === 'function' ? numbered(handler as Handler, onError) : handler)
  const routes = Object.entries(build.routes).map(([id, route]) => [id, route && { ...route, module: { ...route.module, loader: wrap(route.module.loader), action: wrap(route.module.action) } }])
  return { ...build, routes: Object.fromEntries(routes) as ServerBuild['routes'] }
}
