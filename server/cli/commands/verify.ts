import { AppError } from '#server/platform/errors.ts'
import type { LookupView } from '#server/services.ts'
import { DONE, NOT_DONE, WRONG_USE, type AddCommand, type Cli } from '../terminal.ts'

/** The public look-up that asks for exactly these keys. */
const choose = (cli: Cli, lookups: LookupView[], keys: string[], named: string | undefined): LookupView => {
  const fitting = lookups.filter((l) => (named ? `${l.entity}.${l.id}` === named : l.keys.length === keys.length && l.keys.every((k) => keys.includes(k.id))))
  if (fitting.length === 1) return fitting[0]!
  const offered = lookups.map((l) => `${l.entity}.${l.id}: ${l.keys.map((k) => `${k.id}=${k.title}`).join(' ')}`).join('\n')
  throw new AppError('NOT_FOUND', { what: cli.say('查询', 'look-up'), id: named ?? keys.join(' ') }, { fix: offered })
}

export const addVerify: AddCommand = (program, cli) => {
  program.command('verify <key=value...>')
    .description(cli.say('公开查验，如证书查询；与网页查询答复一致', 'public verification, such as of a certificate, with the page\'s answer'))
    .option('--lookup <entity.id>', cli.say('指定查询', 'which look-up'))
    .option('--json')
    .action(cli.run(async (pairs: string[], options: { lookup?: string; json?: boolean }) => {
      const wrong = pairs.find((p) => p.indexOf('=') < 1)
      if (wrong) { cli.terminal.err(cli.say(`应写作 名称=值：${wrong}`, `write name=value: ${wrong}`)); return WRONG_USE }
      const { createCertflow } = await import('#server/index.ts')
      const certflow = await createCertflow({ ...cli.config(), worker: 'off' })
      try {
        const keys = Object.fromEntries(pairs.map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]))
        const lookup = choose(cli, await certflow.services.lookups.list(cli.terminal.lang), Object.keys(keys), options.lookup)
        const answer = await certflow.services.lookups.ask({ entity: lookup.entity, id: lookup.id, keys, address: 'command line', lang: cli.terminal.lang })
        if (options.json) cli.json(answer.ok ? { ok: true, lookup: `${lookup.entity}.${lookup.id}`, rows: answer.rows.map((r) => ({ title: r.title, text: r.cell.text })) } : { ok: false, error: { code: answer.code, message: answer.problems.map((p) => p.message).join('\n') } })
        else if (answer.ok) for (const r of answer.rows) cli.terminal.out(`${r.title}: ${r.cell.text}`)
        else for (const p of answer.problems) cli.terminal.err(p.message)
        return answer.ok ? DONE : NOT_DONE
      } finally { await certflow.close() }
    }))
}
