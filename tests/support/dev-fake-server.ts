import { createHost } from '#server/http/host.ts'
import { createFakeServices } from './fake-services.ts'

// Serves the built web over the in-memory services: `npx tsx tests/support/dev-fake-server.ts [port] [--dev]`
const port = Number(process.argv[2] ?? 3910)
const mode = process.argv.includes('--dev') ? 'development' : 'production'
const host = await createHost({ services: createFakeServices(), config: { host: '127.0.0.1', port, secureCookies: false }, mode, onError: (error, id) => process.stderr.write(`${id} ${String((error as Error).stack)}\n`) })
const { url } = await host.listen()
process.stdout.write(`${url} pid ${process.pid}\n`)
const stop = (): void => { void host.close().then(() => process.exit(0)) }
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
