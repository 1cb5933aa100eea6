import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = join(import.meta.dirname, '../../..')
const START_MS = 90_000

export interface RunningServer { url: string; varDir: string; stop(): Promise<void> }

const ended = (child: ChildProcess): Promise<void> => (child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => { child.once('exit', () => resolve()) }))

/** The real server in a process of its own: temporary folder, demo set, free port, the demo's clock. */
export async function startServer(demo = 'one-province'): Promise<RunningServer> {
  const varDir = await mkdtemp(join(tmpdir(), 'certflow-e2e-'))
  const child = spawn(process.execPath, ['bin/certflow.mjs', 'serve', '--demo', demo, '--port', '0', '--json'], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', CERTFLOW_VAR: varDir, CERTFLOW_CLOCK: 'shared', CERTFLOW_LOG: 'error', DATABASE_URL: '' },
  })
  const said: string[] = []
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended(child)
    clearTimeout(late)
    await rm(varDir, { recursive: true, force: true })
  }
  child.stderr.on('data', (chunk: Buffer) => { said.push(String(chunk)) })
  const url = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the server did not start within ${START_MS / 1000} s:\n${said.join('')}`)), START_MS)
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(`${line}\n`)
      if (!line.startsWith('{')) return
      const told = JSON.parse(line) as { ok?: boolean; url?: string }
      if (told.ok && told.url) { clearTimeout(late); resolve(told.url) }
    })
    child.once('exit', (code) => { clearTimeout(late); reject(new Error(`the server ended with code ${code}:\n${said.join('')}`)) })
  })
  try { return { url: await url, varDir, stop } }
  catch (error) { await stop(); throw error }
}
