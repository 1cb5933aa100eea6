import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { check } from './measure.ts'

const ROOT = join(import.meta.dirname, '../..')
const PASSWORD = 'Certflow-2026'

export interface Product { url: string; pid: number; stop(): Promise<void> }

/** The built product with its demo data, started as an operator starts it, in a process of its own. */
export async function startProduct(dir: string, demo: string): Promise<Product> {
  if (!existsSync(join(ROOT, 'build/server/index.js'))) throw new Error('the web is not built: npm run build')
  const varDir = await mkdtemp(join(dir, 'product-'))
  const child = spawn(process.execPath, ['bin/certflow.mjs', 'serve', '--demo', demo, '--port', '0', '--json'], {
    // eslint-disable-next-line no-restricted-properties -- the child needs the path and the home of whoever runs this
    cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production', CERTFLOW_VAR: varDir, CERTFLOW_CLOCK: 'shared', CERTFLOW_LOG: 'error', DATABASE_URL: '' },
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => { if (line.startsWith('{"ok":true')) resolve((JSON.parse(line) as { url: string }).url) })
    child.once('exit', (code) => { reject(new Error(`the server ended with ${code}`)) })
  })
  return { url, pid: child.pid!, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = new Promise((resolve) => { child.once('exit', resolve) })
  child.kill('SIGTERM')
  await over
}

/** Resident memory in MB and the number of open files of a process, as the kernel counts them. */
export async function holdings(pid: number): Promise<{ mb: number; files: number }> {
  return { mb: Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024, files: (await readdir(`/proc/${pid}/fd`)).length }
}

/** Somebody who is signed in: pages by their address, endpoints with the token of the session. */
export class User {
  private constructor(readonly url: string, private readonly cookie: string, private readonly csrf: string) {}

  static async signIn(url: string, account: string): Promise<User> {
    const answer = await fetch(`${url}/login`, { method: 'POST', redirect: 'manual', headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ account, password: PASSWORD }) })
    const cookie = answer.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ')
    check(answer.status === 302 && cookie !== '', `signing in answers ${answer.status}`)
    const html = await (await fetch(url, { headers: { cookie } })).text()
    const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1]
    check(csrf !== undefined, 'the page has no token')
    return new User(url, cookie, csrf)
  }

  /** What the browser asks for when somebody follows a link inside the product. */
  async follow(path: string): Promise<string> {
    const [where = '', query] = path.split('?')
    const answer = await fetch(`${this.url}${where}.data${query ? `?${query}` : ''}`, { headers: { cookie: this.cookie } })
    const text = await answer.text()
    check(answer.status === 200, `${path} answers ${answer.status}: ${text.slice(0, 200)}`)
    return text
  }

  async page(path: string): Promise<string> {
    const answer = await fetch(this.url + path, { headers: { cookie: this.cookie } })
    const text = await answer.text()
    check(answer.status === 200, `${path} answers ${answer.status}`)
    return text
  }

  async ask<T>(endpoint: string, body: object): Promise<T> {
    const answer = await fetch(`${this.url}/x/${endpoint}`, { method: 'POST', headers: { cookie: this.cookie, origin: this.url, 'content-type': 'application/json', 'x-csrf': this.csrf }, body: JSON.stringify(body) })
    const told = await answer.json() as { ok: boolean }
    check(told.ok, `${endpoint} answers ${JSON.stringify(told).slice(0, 300)}`)
    return told as T
  }

  async upload(file: Blob, name: string, query: Record<string, string>): Promise<string> {
    const body = new FormData()
    body.append('file', file, name)
    const answer = await fetch(`${this.url}/files?${new URLSearchParams(query).toString()}`, { method: 'POST', headers: { cookie: this.cookie, origin: this.url, 'x-csrf': this.csrf }, body })
    const told = await answer.json() as { ok: boolean; id: string }
    check(told.ok, `the upload answers ${JSON.stringify(told)}`)
    return told.id
  }
}
