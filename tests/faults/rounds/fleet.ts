import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pause, until } from './wait.ts'

const ROOT = new URL('../../..', import.meta.url).pathname
export type Part = 'serve' | 'web' | 'worker'
export interface Member { name: string; part: Part; port: number; child: ChildProcess | null; starts: number }

const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const probe = createServer()
  probe.on('error', reject)
  probe.listen(0, '127.0.0.1', () => { const { port } = probe.address() as AddressInfo; probe.close(() => resolve(port)) })
})

export interface Fleet {
  members: Member[]
  start(parts: Part[]): Promise<void>
  /** without warning */
  kill(members: Member[]): Promise<void>
  /** those that do not run, each once more; resolves when all of them answer */
  revive(): Promise<void>
  webs(): string[]
  /** all that the processes have logged */
  log(): string
  /** what the processes have logged since the last call, errors only */
  errors(): string[]
  stop(): Promise<void>
}

/** The real command line as processes of their own: `serve` with its worker thread, `web` without, `worker`. */
export const createFleet = (env: Record<string, string>, dir: string): Fleet => {
  const members: Member[] = []
  const log = join(dir, 'processes.log')
  let read = 0
  // nobody is left behind, however the rounds end
  process.once('exit', () => { for (const m of members) m.child?.kill('SIGKILL') })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const run = async (m: Member): Promise<void> => {
    m.starts++
    const out = openSync(log, 'a')
    const args = m.part === 'worker' ? ['worker'] : ['serve', '--port', String(m.port), '--json']
    const child = spawn(process.execPath, [join(ROOT, 'bin/certflow.mjs'), ...args], {
      cwd: ROOT, stdio: ['ignore', 'pipe', out], env: { ...process.env, ...env, NODE_ENV: 'production', CERTFLOW_LOG: 'warn', CERTFLOW_WORKER: m.part === 'serve' ? 'thread' : 'off', CERTFLOW_MEMBER: m.name },
    })
    closeSync(out)
    m.child = child
    let said = ''
    const ready = new Promise<void>((resolve, reject) => {
      child.stdout!.on('data', (data: Buffer) => {
        appendFileSync(log, data)
        said += data.toString()
        if (said.includes(m.part === 'worker' ? 'Ctrl-C' : '"ok":true')) resolve()
      })
      child.once('exit', (code, signal) => { if (signal === 'SIGKILL') resolve(); else reject(new Error(`${m.name} ended with ${code ?? signal} before it was ready: ${said}\n${tail(log)}`)) })
    })
    child.once('exit', () => { if (m.child === child) m.child = null })
    await ready
  }
  return {
    members,
    async start(parts) {
      for (const part of parts) members.push({ name: `${part}${members.filter((m) => m.part === part).length + 1}`, part, port: part === 'worker' ? 0 : await freePort(), child: null, starts: 0 })
      await Promise.all(members.map(run))
    },
    async kill(victims) {
      const running = victims.flatMap((m) => (m.child ? [m.child] : []))
      for (const child of running) child.kill('SIGKILL')
      await until(() => victims.every((m) => m.child === null), 10_000, 'the killed processes to end')
    },
    async revive() { await Promise.all(members.filter((m) => m.child === null).map(run)) },
    webs: () => members.filter((m) => m.part !== 'worker' && m.child !== null).map((m) => `http://127.0.0.1:${m.port}`),
    log: () => readFileSync(log, 'utf8'),
    errors() {
      const text = readFileSync(log, 'utf8')
      const fresh = text.slice(read).split('\n').filter((line) => /"level":(5|6)0|"level":"(error|fatal)"|^\w*Error/.test(line))
      read = text.length
      return fresh
    },
    async stop() {
      for (const m of members) m.child?.kill('SIGTERM')
      const late = setTimeout(() => { for (const m of members) m.child?.kill('SIGKILL') }, 30_000)
      while (members.some((m) => m.child !== null)) await pause(50)
      clearTimeout(late)
    },
  }
}

const tail = (file: string): string => readFileSync(file, 'utf8').slice(-3000)
