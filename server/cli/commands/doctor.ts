import { statfs } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { auditCheck } from '../doctor-audit.ts'
import { DONE, NOT_DONE, type AddCommand, type Cli } from '../terminal.ts'

/** `needed`: without it Certflow does not work; else it works with less. */
export interface Check { name: string; ok: boolean; needed: boolean; detail: string; fix?: string }

const GIB = 1024 ** 3
const MIN_NODE = [20, 20]

const nodeVersion = (): Check => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > MIN_NODE[0]! || (major === MIN_NODE[0] && minor >= MIN_NODE[1]!)
  return { name: 'node', ok, needed: true, detail: process.versions.node, ...(ok ? {} : { fix: `install Node ${MIN_NODE.join('.')} or newer` }) }
}

const settings = (config: ReturnType<Cli['config']>): Check[] => config.withoutEffect.map(({ setting, why }) => ({ name: 'settings', ok: false, needed: false, detail: `${setting} has no effect: ${why}`, fix: `remove ${setting}` }))

const printing = async (chromiumPath?: string): Promise<Check[]> => {
  const { checkDocumentsHealth } = await import('#server/runtime/documents/index.ts')
  const { chromium, fonts } = await checkDocumentsHealth(chromiumPath)
  return [
    { name: 'chromium', ok: chromium.ok, needed: true, detail: chromium.version ? `${chromium.version} ${chromium.path}` : '-', ...(chromium.advice ? { fix: chromium.advice } : {}) },
    { name: 'fonts', ok: fonts.ok, needed: true, detail: fonts.found.join(', ') || '-', ...(fonts.advice ? { fix: fonts.advice } : {}) },
  ]
}

const disk = async (varDir: string): Promise<Check> => {
  let dir = varDir
  while (!existsSync(dir)) dir = dirname(dir)
  const { bavail, bsize } = await statfs(dir)
  const free = (bavail * bsize) / GIB
  return { name: 'disk', ok: free >= 1, needed: true, detail: `${free.toFixed(1)} GiB free at ${dir}`, ...(free >= 1 ? {} : { fix: 'free at least 1 GiB, or set CERTFLOW_VAR to a larger disk' }) }
}

const database = async (config: ReturnType<Cli['config']>): Promise<Check[]> => {
  const shown = config.database.url.replace(/\/\/[^@/]*@/, '//***@')
  const file = config.database.url.startsWith('sqlite:') ? config.database.url.slice(7) : null
  if (file !== null && !existsSync(file)) return [{ name: 'database', ok: false, needed: false, detail: `${shown} is not there yet`, fix: 'certflow setup' }]
  const { migrationStatus, openDatabase } = await import('#server/data/index.ts')
  try {
    const db = await openDatabase({ url: config.database.url, poolSize: 1 })
    try {
      const { applied, pending } = await migrationStatus(db)
      return [
        { name: 'database', ok: true, needed: true, detail: shown },
        { name: 'migrations', ok: pending.length === 0, needed: false, detail: `${applied.length} applied, ${pending.length} pending`, ...(pending.length ? { fix: 'certflow setup' } : {}) },
      ]
    } finally { await db.close() }
  } catch (error) {
    return [{ name: 'database', ok: false, needed: true, detail: `${shown}: ${error instanceof Error ? error.message : String(error)}`, fix: 'check DATABASE_URL and that the server runs' }]
  }
}

const definitions = async (root: string): Promise<Check> => {
  const { loadDefinitions } = await import('#server/runtime/definitions/index.ts')
  const { checkDefinitions } = await import('#server/check-definitions.ts')
  const { definitions: loaded, findings } = await checkDefinitions(await loadDefinitions({ roots: [root] }))
  const errors = findings.filter((f) => f.level === 'error').length
  return { name: 'definitions', ok: errors === 0, needed: true, detail: `${Object.keys(loaded.programmes).length} families and programmes, ${errors} errors in ${root}`, ...(errors ? { fix: 'certflow lint' } : {}) }
}

export const addDoctor: AddCommand = (program, cli) => {
  program.command('doctor')
    .description(cli.say('检查运行环境：Node、Chromium、字体、数据库、审计链、磁盘、定义', 'check what Certflow runs on: Node, Chromium, fonts, database, audit trail, disk, definitions'))
    .option('--json')
    .action(cli.run(async (options: { json?: boolean }) => {
      const config = cli.config()
      const checks = [nodeVersion(), ...settings(config), ...(await printing(config.chromium)), await disk(config.varDir), ...(await database(config)), ...(await auditCheck(config)), await definitions(config.definitionsDir)]
      const missing = checks.filter((c) => c.needed && !c.ok)
      if (options.json) cli.json({ ok: missing.length === 0, checks })
      else {
        for (const c of checks) cli.terminal.out(`${c.ok ? '✓' : c.needed ? '✗' : '!'} ${c.name.padEnd(12)} ${c.detail}${c.fix ? `\n  ${' '.repeat(12)} → ${c.fix}` : ''}`)
        cli.terminal.out(missing.length === 0 ? cli.say('可以运行', 'ready to run') : cli.say(`缺少：${missing.map((c) => c.name).join('、')}`, `missing: ${missing.map((c) => c.name).join(', ')}`))
      }
      return missing.length === 0 ? DONE : NOT_DONE
    }))
}
