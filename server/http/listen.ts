import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '#server/platform/errors.ts'

const refusalOf = (error: NodeJS.ErrnoException, host: string, port: number): AppError =>
  error.code === 'EADDRINUSE'
    ? new AppError('PORT_TAKEN', { port, other: port < 65_535 ? port + 1 : 3000 }, { cause: error })
    : new AppError('LISTEN_FAILED', { host, port, reason: error.code ?? error.message }, { cause: error })

/** The port that the server listens on. Throws PORT_TAKEN, LISTEN_FAILED. */
export const listenOn = (server: Server, host: string, port: number): Promise<number> => new Promise((resolve, reject) => {
  const failed = (error: NodeJS.ErrnoException): void => reject(refusalOf(error, host, port))
  server.once('error', failed)
  server.listen(port, host, () => {
    server.off('error', failed)
    resolve((server.address() as AddressInfo).port)
  })
})

/** Throws as listening would, before anything else is begun. */
export const assertPortFree = async (host: string, port: number): Promise<void> => {
  if (port === 0) return
  const probe = createServer()
  await listenOn(probe, host, port)
  await new Promise<void>((done) => { probe.close(() => done()) })
}
