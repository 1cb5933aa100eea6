import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { find } from './root.mjs'
import { ensureSystem } from './system.mjs'

const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer()
  probe.on('error', reject)
  probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)) })
})

const answers = (port) => new Promise((resolve) => {
  const socket = createConnection({ port, host: '127.0.0.1' }, () => { socket.write('PING\r\n') })
  socket.on('data', () => { socket.destroy(); resolve(true) })
  socket.on('error', () => resolve(false))
})

/** A Redis of our own that keeps nothing on disk. `kill` ends it without warning, `start` begins it again on the same port, `stop` ends it for good. */
export const prepareRedis = async () => {
  if (ensureSystem(['redis']).length > 0) throw new Error('redis-server is not installed')
  const dir = mkdtempSync(join(tmpdir(), 'certflow-redis-'))
  const port = await freePort()
  let server
  const end = async (signal) => {
    const ending = server
    server = undefined
    if (!ending || ending.exitCode !== null) return
    const ended = new Promise((resolve) => { ending.once('exit', resolve) })
    ending.kill(signal)
    await ended
  }
  const start = async () => {
    server = spawn(find('redis-server'), ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir], { stdio: 'ignore' })
    for (let n = 0; n < 100; n++) {
      if (await answers(port)) return
      await sleep(100)
    }
    throw new Error('redis-server did not answer within 10 s')
  }
  return { url: `redis://127.0.0.1:${port}/0`, start, kill: () => end('SIGKILL'), stop: async () => { await end('SIGTERM'); rmSync(dir, { recursive: true, force: true }) } }
}
