import { DONE, NOT_DONE, type AddCommand } from '../terminal.ts'

export const addSecondFactor: AddCommand = (program, cli) => {
  program.command('second-factor <step> <account>')
    .description(cli.say('reset：清除账号的两步验证（验证器与恢复码都丢失时）', 'reset: clear the second factor of an account whose authenticator and recovery codes are lost'))
    .option('--json')
    .action(cli.run(async (step: string, account: string, options: { json?: boolean }) => {
      const { AppError } = await import('#server/platform/errors.ts')
      if (step !== 'reset') throw new AppError('NOT_FOUND', { what: cli.say('步骤', 'step'), id: step }, { fix: 'certflow second-factor reset <account>' })
      const [{ createCertflow }, { findCredential, resetSecondFactor }, { auditEvent }] = await Promise.all([import('#server/index.ts'), import('#server/runtime/accounts/index.ts'), import('#server/runtime/audit/index.ts')])
      const certflow = await createCertflow({ ...cli.config(), worker: 'off' })
      try {
        const { engine } = certflow.house.core
        const credential = await findCredential(engine, { account })
        if (!credential) throw new AppError('NOT_FOUND', { what: cli.say('账号', 'account'), id: account })
        const cleared = await engine.db.tx(async () => {
          const done = await resetSecondFactor(engine, credential.user)
          if (done) await engine.audit?.({ ...auditEvent.secondFactor({ userId: credential.user, role: 'system', orgId: null }, 'remove'), actor: { role: 'system' }, detail: { by: 'command line' } })
          return done
        })
        if (options.json) cli.json({ ok: cleared, account })
        else if (cleared) cli.terminal.out(cli.say(`已清除 ${account} 的两步验证，其会话已结束`, `the second factor of ${account} is cleared, its sessions have ended`))
        else cli.terminal.err(cli.say(`${account} 没有启用两步验证`, `${account} has no second factor`))
        return cleared ? DONE : NOT_DONE
      } finally { await certflow.close() }
    }))
}
