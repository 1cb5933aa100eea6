import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sharedClock } from '#server/platform/shared-clock.ts'

const ROOT = join(import.meta.dirname, '../../..')
const START_MS = 90_000

export interface ServerOptions { demo?: string; /** a folder of definitions over the shipped ones */ definitions?: string; /** ISO instant at which the server's time begins; else where the demo set begins */ clock?: string }
export interface RunningServer {
  url: string
  varDir: string
  /** Moves the server's time forward to an ISO instant; it goes on from there. Throws when that lies in the past of the server. */
  advanceTo(instant: string): Promise<void>
  stop(): Promise<void>
}

const CLOCK_FILE = 'clock.json'
const SEEN_AFTER_MS = 300

const ended = (child: ChildProcess): Promise<void> => (child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => { child.once('exit', () => resolve()) }))

/** The shipped definitions with those of a folder over them, in one folder. */
async function combined(dir: string, over: string): Promise<string> {
  for (const part of ['forms', 'workflows', 'templates', 'seeds']) await cp(join(ROOT, part), join(dir, part), { recursive: true })
  await cp(over, dir, { recursive: true })
  return dir
}

/** The real server in a process of its own: temporary folder, demo set, free port, the demo's clock. */
export async function startServer({ demo = 'one-province', clock, definitions }: ServerOptions = {}): Promise<RunningServer> {
  const varDir = await mkdtemp(join(tmpdir(), 'certflow-e2e-'))
  const clockFile = join(varDir, CLOCK_FILE)
  if (clock) await writeFile(clockFile, JSON.stringify({ offset: Date.parse(clock) - Date.now(), frozenAt: null }))
  const shipped = definitions === undefined ? {} : { CERTFLOW_DEFINITIONS: await combined(join(varDir, 'definitions'), definitions) }
  const child = spawn(process.execPath, ['bin/certflow.mjs', 'serve', '--demo', demo, '--port', '0', '--json'], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', CERTFLOW_VAR: varDir, CERTFLOW_CLOCK: 'shared', CERTFLOW_LOG: 'error', DATABASE_URL: '', ...shipped },
  })
  const said: string[] = []
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended(child)
    clearTimeout(late)
    await rm(varDir, { recursive: true, force: true })
  }
  const advanceTo = async (instant: string): Promise<void> => {
    const shared = sharedClock(clockFile)
    const ahead = Date.parse(instant) - shared.now()
    if (!(ahead > 0)) throw new Error(`the server's time is ${new Date(shared.now()).toISOString()}; it cannot go back to ${instant}`)
    shared.advance(ahead)
    await new Promise((resolve) => { setTimeout(resolve, SEEN_AFTER_MS) })
  }
  child.stderr.on('data', (chunk: Buffer) => { said.push(String(chunk)) })
  const url = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the server did not start within ${START_MS / 1000} s:\n${said.join('')}`)), START_MS)
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(`${line}\n`)
      if (!line.startsWith('{"ok":true')) return
      const told = JSON.parse(line) as { ok?: boolean; url?: string }
      if (told.ok && told.url) { clearTimeout(late); resolve(told.url) }
    })
    child.once('exit', (code) => { clearTimeout(late); reject(new Error(`the server ended with code ${code}:\n${said.join('')}`)) })
  })
  try { return { url: await url, varDir, advanceTo, stop } }
  catch (error) { await stop(); throw error }
}
