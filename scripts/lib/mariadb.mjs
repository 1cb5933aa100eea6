import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { find } from './root.mjs'
import { ensureSystem } from './system.mjs'

const isRoot = process.getuid?.() === 0

const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer()
  probe.on('error', reject)
  probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)) })
})

const FAST = ['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--skip-innodb-doublewrite']
/** what has been committed outlives the end of the server's process */
const DURABLE = ['--innodb-flush-log-at-trx-commit=2']

/** A MariaDB of our own: own data folder, own port. `stop` ends it and removes the folder; `kill` ends it without warning, `start` begins it again with its data (`durable`). */
export const startMariaDb = async ({ durable = false } = {}) => {
  if (ensureSystem(['mariadb']).length > 0) throw new Error('mariadbd is not installed')
  const dir = mkdtempSync(join(tmpdir(), 'certflow-mysql-'))
  const data = join(dir, 'data')
  const user = isRoot ? ['--user=root'] : []
  execFileSync(find('mariadb-install-db') ?? 'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user], { stdio: ['ignore', 'ignore', 'inherit'] })
  const port = await freePort()
  const url = `mysql://root@127.0.0.1:${port}/mysql`
  let server
  const end = async (signal) => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = new Promise((resolve) => { server.once('exit', resolve) })
    server.kill(signal)
    const late = setTimeout(() => server.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(late)
  }
  const stop = async () => { await end('SIGTERM'); rmSync(dir, { recursive: true, force: true }) }
  const start = async () => {
    server = spawn(find('mariadbd') ?? find('mysqld'), ['--no-defaults', ...user, `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(dir, 's.sock')}`,
      '--innodb-buffer-pool-size=256M', ...(durable ? DURABLE : FAST), '--innodb-file-per-table=0', '--max-connections=300', `--log-error=${join(dir, 'error.log')}`], { stdio: 'ignore' })
    const { createConnection } = await import('mysql2/promise')
    for (let n = 0; n < 150; n++) {
      if (server.exitCode !== null) throw new Error(`mariadbd ended with code ${server.exitCode}:\n${readFileSync(join(dir, 'error.log'), 'utf8')}`)
      try { await (await createConnection(url)).end(); return }
      catch { await sleep(200) }
    }
    await stop()
    throw new Error('mariadbd did not accept connections within 30 s')
  }
  await start()
  return { url, stop, start, kill: () => end('SIGKILL') }
}
