import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServicesWithApi } from '#server/http/api/index.ts'
import { assertPortFree } from '#server/http/listen.ts'
import { ensureVarFolder } from '#server/platform/var-folder.ts'
import { seasonSettings } from '../demo/run-season/season-folder.ts'
import type { SignIn } from '../set-up.ts'
import { collect, DONE, NOT_DONE, WRONG_USE, type AddCommand, type Cli } from '../terminal.ts'

// whoever waits for the first page has the processor until then
const WORKER_AFTER_MS = 1_000

interface Options { dev?: boolean; demo: string[]; season?: string; port?: string; json?: boolean }

/** Aborted when the process is asked to end; a second signal ends it at once. */
const asked = (): AbortSignal => {
  const end = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { process.once(signal, () => process.exit(1)); end.abort() })
  return end.signal
}
const ended = (signal: AbortSignal): Promise<void> => new Promise((done) => { signal.addEventListener('abort', () => done(), { once: true }) })

const table = (rows: string[][]): string[] => {
  // a Chinese character takes two columns of a terminal
  const width = (text: string): number => [...text].reduce((n, c) => n + (c.codePointAt(0)! > 0x2e7f ? 2 : 1), 0)
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => width(r[i] ?? ''))))
  return rows.map((r) => r.map((cell, i) => cell + ' '.repeat(widths[i]! - width(cell))).join('  ').trimEnd())
}

const shown = (at: number, zone: string): string => new Date(at).toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16)

const greet = (cli: Cli, url: string, signIns: SignIn[], clock: { at: number; zone: string } | null): void => {
  cli.terminal.out('')
  cli.terminal.out(`Certflow  ${url}`)
  if (clock !== null) cli.terminal.out(cli.say(`演示时间从 ${shown(clock.at, clock.zone)} 起走；用真实时间：CERTFLOW_CLOCK=system`, `time goes on from ${shown(clock.at, clock.zone)} for the demo; CERTFLOW_CLOCK=system takes the real one`))
  if (signIns.length === 0) return
  cli.terminal.out('')
  for (const line of table([cli.terminal.lang === 'zh' ? ['角色', '账号', '密码', '姓名'] : ['role', 'account', 'password', 'name'], ...signIns.map((s) => [s.role, s.account, s.password, s.name])])) cli.terminal.out(`  ${line}`)
  cli.terminal.out('')
}

export const addServe: AddCommand = (program, cli) => {
  program.command('serve')
    .description(cli.say('启动服务，直到 Ctrl-C', 'serve until Ctrl-C'))
    .option('--dev', cli.say('开发模式：页面改动即时生效', 'development: pages follow their sources'))
    .option('--demo <set>', cli.say('启动前装入演示数据集，可重复', 'load this demo set first; repeatable'), collect, [])
    .option('--season <dir>', cli.say('打开 demo run --var 留下的考试季', 'serve the season that demo run --var left in this folder'))
    .option('--port <n>', cli.say('端口，默认 PORT 或 3000', 'port; default PORT or 3000'))
    .option('--json', cli.say('以一行 JSON 报告地址', 'report the address as one line of JSON'))
    .action(cli.run(async (options: Options) => {
      const season = options.season === undefined ? {} : seasonSettings(resolve(cli.terminal.cwd, options.season))
      if (season === null) {
        cli.terminal.err(cli.say(`${options.season} 中没有考试季，先运行 certflow demo run --var ${options.season}`, `there is no season in ${options.season}; run: certflow demo run --var ${options.season}`))
        return WRONG_USE
      }
      const config = cli.config({ ...season, ...(options.port ? { PORT: options.port } : {}) })
      const end = asked()
      await assertPortFree(config.http.host, config.http.port)
      ensureVarFolder(config)
      const [{ createCertflow }, { createHost }, { demoSignIns, setUp }, { createLog }, { beginDemoClock }] = await Promise.all([import('#server/index.ts'), import('#server/http/host.ts'), import('../set-up.ts'), import('#server/platform/log.ts'), import('../demo-clock.ts')])
      const { stillRunning } = await import('../still-running.ts')
      const { mountApi } = await import('#server/http/api/index.ts')
      beginDemoClock(config, options.demo)
      const log = createLog({ level: config.log })
      const certflow = await createCertflow(config, { worker: 'later' })
      try {
        if (end.aborted) return NOT_DONE
        const { definitions } = certflow.house.options
        const report = await setUp(certflow.house, definitions, options.demo)
        for (const problem of report.problems) cli.terminal.err(problem)
        if (report.problems.length > 0 || end.aborted) return NOT_DONE
        const host = await createHost({
          services: certflow.services, mode: options.dev ? 'development' : 'production',
          config: { host: config.http.host, port: config.http.port, secureCookies: config.http.url?.startsWith('https:') ?? false, trustProxy: config.http.trustProxy, maxFileBytes: config.http.uploadBytes },
          mount: mountApi(certflow.services as ServicesWithApi, { maxFileBytes: config.http.uploadBytes, onError: (error, id) => log.error({ err: error, reference: id }, 'request failed') }),
          onError: (error, id) => log.error({ err: error, reference: id }, 'request failed'),
        })
        const { url, port } = await host.listen()
        if (options.json) cli.terminal.out(JSON.stringify({ ok: true, url, port, pid: process.pid }))
        else greet(cli, url, demoSignIns(definitions, options.demo, cli.terminal.lang), config.clock.kind === 'system' ? null : { at: certflow.house.options.clock.now(), zone: config.zone })
        for (const line of stillRunning(cli, certflow.stale, definitions.version)) cli.terminal.err(line)
        await Promise.race([sleep(WORKER_AFTER_MS), ended(end)])
        if (!end.aborted) await certflow.begin()
        if (!end.aborted) await ended(end)
        await host.close()
        return DONE
      } finally { await certflow.close() }
    }))
}
