// What npm test has no time for: processes killed without warning, servers that die, disks that fill up.
// Usage: npm run test:faults [-- --rounds 50 --seed N --only sqlite|mariadb|redis|outages]
import { parseArgs } from 'node:util'
import { ensureBuild } from './lib/build.mjs'
import { startMariaDb } from './lib/mariadb.mjs'
import { ensurePackages } from './lib/packages.mjs'
import { counted, runSections, vitest } from './lib/sections.mjs'
import { ensureSystem } from './lib/system.mjs'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: String(Date.now() % 100_000) }, only: { type: 'string' } } })
const names = ['sqlite', 'mariadb', 'redis', 'outages']
if (values.only !== undefined && !names.includes(values.only)) {
  console.error(`nothing is called ${values.only}; there are: ${names.join(', ')}`)
  process.exit(2)
}
const wanted = (name) => values.only === undefined || values.only === name
ensurePackages()
ensureSystem(['chromium', 'fonts', 'poppler', 'mariadb', 'redis'])
ensureBuild()
const rounds = (...more) => ['--import', 'tsx', 'tests/faults/rounds/main.ts', '--rounds', values.rounds, '--seed', values.seed, ...more]
let failed = 1
const server = wanted('mariadb') || wanted('redis') ? await startMariaDb() : undefined
try {
  const sections = [
    ...(wanted('sqlite') ? [counted('killed on SQLite', rounds())] : []),
    ...(wanted('mariadb') ? [counted('killed on MariaDB', rounds('--server', server.url))] : []),
    ...(wanted('redis') ? [counted('killed with Redis', rounds('--server', server.url, '--redis'))] : []),
    ...(wanted('outages') ? [vitest('outages', 'faults')] : []),
  ]
  failed = (await runSections(sections)).failed
} finally { await server?.stop() }
process.exit(failed === 0 ? 0 : 1)
