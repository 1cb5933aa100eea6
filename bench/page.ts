import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { check, median, percentile, shown, timed } from './harness/measure.ts'
import type { BenchContext, Benchmark } from './harness/types.ts'

const ROOT = join(import.meta.dirname, '..')
const DEMO = 'one-province'
const ACCOUNT = { account: 'beike', password: 'Certflow-2026' }
const LIST = '/l/vslc/candidate?list=school'

interface Server { child: ChildProcess; url: string; ms: number }

/** The command as an operator starts it; `ms` until a page has been answered. */
async function start(varDir: string): Promise<Server> {
  const began = performance.now()
  const child = spawn(process.execPath, ['bin/certflow.mjs', 'serve', '--demo', DEMO, '--port', '0', '--json'], {
    // eslint-disable-next-line no-restricted-properties -- the child needs the path and the home of whoever runs this
    cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production', CERTFLOW_VAR: varDir, CERTFLOW_CLOCK: 'shared', CERTFLOW_LOG: 'error', DATABASE_URL: '' },
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => { if (line.startsWith('{"ok":true')) resolve((JSON.parse(line) as { url: string }).url) })
    child.once('exit', (code) => { reject(new Error(`the server ended with ${code}`)) })
  })
  const first = await fetch(`${url}/login`)
  check(first.status === 200, `the first page answers ${first.status}`)
  await first.text()
  return { child, url, ms: performance.now() - began }
}
async function stop({ child }: Server): Promise<void> {
  const over = new Promise((resolve) => { child.once('exit', resolve) })
  child.kill('SIGTERM')
  await over
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/login`, { method: 'POST', redirect: 'manual', headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(ACCOUNT) })
  const cookie = answer.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ')
  check(answer.status === 302 && cookie !== '', `signing in answers ${answer.status}`)
  return cookie
}

/** Pages asked for by so many at once, each waiting for its answer. */
async function ask(url: string, cookie: string, count: number, workers: number): Promise<{ times: number[]; ms: number }> {
  const times: number[] = []
  let left = count
  const ms = await timed(() => Promise.all(Array.from({ length: workers }, async () => {
    while (left-- > 0) times.push(await timed(async () => {
      const answer = await fetch(url + LIST, { headers: { cookie } })
      const html = await answer.text()
      if (answer.status !== 200 || !html.includes('王小八')) throw new Error(`the list answers ${answer.status}`)
    }))
  })))
  return { times, ms }
}

/** Resident memory in MB, as the kernel counts it. */
const memory = async (pid: number): Promise<number> => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

async function run(ctx: BenchContext): Promise<Awaited<ReturnType<Benchmark['run']>>> {
  if (!existsSync(join(ROOT, 'build/server/index.js'))) throw new Error('the web is not built: npm run build')
  const varDir = join(ctx.dir, 'page')
  await mkdir(varDir)
  await stop(await start(varDir))
  const starts: number[] = []
  for (let n = 0; n < ctx.rounds; n++) {
    const again = await start(varDir)
    starts.push(again.ms)
    await stop(again)
  }
  const server = await start(varDir)
  ctx.after(() => stop(server))
  await sleep(5_000)
  const rest = await memory(server.child.pid!)
  const cookie = await signIn(server.url)
  await ask(server.url, cookie, 100, 4)
  const rates: number[] = []
  const p95s: number[] = []
  for (let n = 0; n < ctx.rounds; n++) {
    const { times, ms } = await ask(server.url, cookie, ctx.size(300), 4)
    rates.push((times.length * 1000) / ms)
    p95s.push(percentile(times, 0.95))
  }
  const alone = await ask(server.url, cookie, ctx.size(100), 1)
  await sleep(5_000)
  return [
    { id: 'rate', what: 'list pages per second, 4 asking at once', value: median(rates), unit: '/s', behind: `p95 ${shown(median(p95s))} ms; one alone: median ${shown(median(alone.times))} ms, p95 ${shown(percentile(alone.times, 0.95))} ms` },
    { id: 'start', what: 'from the command to the first page answered', value: median(starts) / 1000, unit: ' s', goal: { atMost: 3 }, behind: 'second and later starts with the demo data' },
    { id: 'rest', what: 'memory at rest after the start', value: rest, unit: ' MB', goal: { atMost: 250 }, behind: `web and worker thread in one process; 5 s after ${ctx.rounds * ctx.size(300) + 200} pages: ${shown(await memory(server.child.pid!))} MB` },
  ]
}

const benchmark: Benchmark = { title: 'A list page of the running product over HTTP, its start and its memory', run }
export default benchmark
