import { useRouteLoaderData } from '@remix-run/react'
import type { Shell } from '#app/gateway/contracts.server.ts'

export interface AppData {
  csrf: string
  accent: string
  person: { name: string; account: string; roleTitle: string; orgName: string; portal: string; programme: string }
  shell: Shell
}

/** What the shell's loader sent: person, menu, token. */
export const useApp = (): AppData => {
  const data = useRouteLoaderData('routes/_app') as AppData | undefined
  if (!data) throw new Error('useApp is called outside the shell route')
  return data
}

export const useZone = (): string => useApp().shell.zone
