import type { ApiToken } from '#server/services.ts'
import type { Desk } from '../open-desk.ts'
import { DONE, NOT_DONE, type AddCommand, type Cli } from '../terminal.ts'

interface Options { as: string; program?: string; title?: string; scope: string; days: string; id?: string; json?: boolean }
const line = (cli: Cli, t: ApiToken): string => {
  const state = t.revokedAt ? cli.say('已撤销', 'revoked') : `${cli.say('至', 'until')} ${t.expiresAt.slice(0, 10)}`
  return [t.id, t.scope.padEnd(5), state, `${t.programme}/${t.role}`, t.title, t.usedAt ? `${cli.say('最近使用', 'last used')} ${t.usedAt.slice(0, 16)}` : cli.say('未使用', 'never used')].join('  ')
}

/** Tokens of the REST resource for one account: with its rights, in one of its roles. A token is shown once. */
export const addToken: AddCommand = (program, cli) => {
  const token = program.command('token').description(cli.say('接口令牌：create、list、revoke', 'tokens of the REST resource: create, list, revoke'))
  const common = (name: string, zh: string, en: string) => token.command(name).description(cli.say(zh, en))
    .requiredOption('--as <account>', cli.say('此账号的令牌', 'tokens of this account')).option('--program <id>', cli.say('项目', 'programme')).option('--json')
  const withDesk = async (options: Options, run: (desk: Desk) => Promise<number>): Promise<number> => {
    const { openDesk } = await import('../open-desk.ts')
    const desk = await openDesk(cli, options)
    try { return await run(desk) } finally { await desk.close() }
  }

  common('create', '新建令牌，只显示一次', 'make a token; it is shown once')
    .requiredOption('--title <text>', cli.say('用途', 'what it is for'))
    .option('--scope <scope>', cli.say('read 只读，write 可写', 'read, or write too'), 'read')
    .option('--days <n>', cli.say('有效天数，最多 366', 'days it is good for, at most 366'), '90')
    .action(cli.run((options: Options) => withDesk(options, async ({ services, actor }) => {
      const { take } = await import('../refused.ts')
      const made = take(await services.api!.tokens.create(actor, { title: options.title ?? '', scope: options.scope as 'read' | 'write', days: Number(options.days) }))
      if (options.json) cli.json({ ok: true, id: made.id, token: made.token, expiresAt: made.expiresAt })
      else {
        cli.terminal.out(made.token)
        cli.terminal.err(cli.say(`令牌 ${made.id} 有效至 ${made.expiresAt.slice(0, 10)}；以后不再显示，请立即保存`, `token ${made.id} is good until ${made.expiresAt.slice(0, 10)}; it is not shown again, keep it now`))
      }
      return DONE
    })))

  common('list', '列出令牌（不含令牌本身）', 'list tokens, without the tokens themselves')
    .action(cli.run((options: Options) => withDesk(options, async ({ services, actor }) => {
      const tokens = await services.api!.tokens.list(actor)
      if (options.json) cli.json({ ok: true, tokens })
      else if (tokens.length === 0) cli.terminal.out(cli.say('没有令牌', 'no tokens'))
      else for (const t of tokens) cli.terminal.out(line(cli, t))
      return DONE
    })))

  common('revoke', '撤销令牌，立即失效', 'revoke a token at once')
    .requiredOption('--id <id>', cli.say('令牌编号，见 list', 'its id, see list'))
    .action(cli.run((options: Options) => withDesk(options, async ({ services, actor }) => {
      const gone = await services.api!.tokens.revoke(actor, options.id ?? '')
      if (options.json) cli.json({ ok: gone.ok, id: options.id })
      else if (gone.ok) cli.terminal.out(cli.say(`令牌 ${options.id} 已撤销`, `token ${options.id} is revoked`))
      else cli.terminal.err(cli.say(`${options.as} 没有可撤销的令牌 ${options.id}`, `${options.as} has no token ${options.id} to revoke`))
      return gone.ok ? DONE : NOT_DONE
    })))
}
