// Integration tests and scenarios on a private MariaDB. Usage: npm run test:mysql [-- vitest filters…]; with filters the scenarios are left out.
import { startMariaDb } from './lib/mariadb.mjs'
import { ensurePackages } from './lib/packages.mjs'
import { counted, runSections, tools, vitest } from './lib/sections.mjs'
import { ensureSystem } from './lib/system.mjs'

const filters = process.argv.slice(2)
ensurePackages()
ensureSystem(['chromium', 'fonts', 'poppler'])
let failed = 1
try {
  const server = await startMariaDb()
  try {
    const sections = [vitest('integration on MariaDB', 'integration', filters, { CERTFLOW_TEST_MYSQL: server.url })]
    if (filters.length === 0) sections.push(counted('scenarios on MariaDB', [tools.certflow, 'scenario', 'run', '--database', server.url]))
    failed = (await runSections(sections)).failed
  } finally { await server.stop() }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
}
process.exit(failed === 0 ? 0 : 1)
