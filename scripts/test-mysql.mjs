// Runs the integration tests on a private MariaDB: own data folder, own port, stopped by its pid at the end.
// Usage: node scripts/test-mysql.mjs [vitest filters…]
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const find = (name) => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/local/sbin']
  .map((dir) => join(dir, name)).find((file) => existsSync(file))
const isRoot = process.getuid?.() === 0

const requireServer = () => {
  const server = find('mariadbd') ?? find('mysqld')
  if (server) return server
  if (!isRoot || !find('apt-get')) throw new Error('mariadbd is not installed; install the package mariadb-server')
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' })
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'mariadb-server'], { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  const installed = find('mariadbd')
  if (!installed) throw new Error('mariadb-server was installed but mariadbd was not found')
  return installed
}

const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer()
  probe.on('error', reject)
  probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)) })
})

const start = async (dir) => {
  const binary = requireServer()
  const data = join(dir, 'data')
  const user = isRoot ? ['--user=root'] : []
  execFileSync(find('mariadb-install-db') ?? 'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user], { stdio: ['ignore', 'ignore', 'inherit'] })
  const port = await freePort()
  const server = spawn(binary, ['--no-defaults', ...user, `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(dir, 's.sock')}`,
    '--innodb-buffer-pool-size=256M', '--innodb-flush-log-at-trx-commit=2', '--max-connections=300', `--log-error=${join(dir, 'error.log')}`], { stdio: 'ignore' })
  const url = `mysql://root@127.0.0.1:${port}/mysql`
  const { createConnection } = await import('mysql2/promise')
  for (let n = 0; n < 150; n++) {
    if (server.exitCode !== null) throw new Error(`mariadbd ended with code ${server.exitCode}:\n${readFileSync(join(dir, 'error.log'), 'utf8')}`)
    try { await (await createConnection(url)).end(); return { server, url } }
    catch { await sleep(200) }
  }
  throw new Error('mariadbd did not accept connections within 30 s')
}

const stop = async (server) => {
  if (server.exitCode !== null) return
  const ended = new Promise((resolve) => { server.once('exit', resolve) })
  server.kill('SIGTERM')
  const late = setTimeout(() => server.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(late)
}

const dir = mkdtempSync(join(tmpdir(), 'certflow-mysql-'))
let server
let code = 1
let summary = '0 passed, 1 failed'
try {
  const started = await start(dir)
  server = started.server
  const report = join(dir, 'report.json')
  const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', ...process.argv.slice(2),
    '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], { stdio: 'inherit', env: { ...process.env, CERTFLOW_TEST_MYSQL: started.url } })
  const result = JSON.parse(readFileSync(report, 'utf8'))
  const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  summary = `${result.numPassedTests} passed, ${result.numFailedTests + broken} failed`
  code = run.status ?? 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
} finally {
  if (server) await stop(server)
  rmSync(dir, { recursive: true, force: true })
}
console.log(summary)
process.exit(code)
