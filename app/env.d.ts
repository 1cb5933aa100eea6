import type { HostContext } from '#server/http/context.ts'

declare module '@remix-run/server-runtime' {
  /** What the host process hands to every loader and action. */
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to name the context
  interface AppLoadContext extends HostContext {}
}
