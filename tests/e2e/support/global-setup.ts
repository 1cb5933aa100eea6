import type { TestProject } from 'vitest/node'
import { startServer } from './start-server.ts'

declare module 'vitest' {
  export interface ProvidedContext { serverUrl: string }
}

/** One server for all browser tests; every file signs in for itself. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  project.provide('serverUrl', server.url)
  return () => server.stop()
}
