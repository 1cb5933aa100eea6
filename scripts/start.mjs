// `npm start`: from a fresh clone to a running portal with demo data. Plain Node until the packages are there.
import { ensureBuild } from './lib/build.mjs'
import { ensurePackages } from './lib/packages.mjs'
import { endWithNpm, say } from './lib/root.mjs'
import { ensureSystem } from './lib/system.mjs'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20)) say(`Node ${process.versions.node} is older than what Certflow is tested with (20.20); it may not start`)

try {
  ensurePackages()
  ensureSystem(['chromium', 'fonts'])
  await ensureBuild()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
endWithNpm()
process.env.NODE_ENV ??= 'production'
process.env.CERTFLOW_LOG ??= 'warn'
process.env.CERTFLOW_CLOCK ??= 'shared'
process.argv.splice(2, Infinity, 'serve', '--demo', 'one-province', ...process.argv.slice(2))
await import('../bin/certflow.mjs')
