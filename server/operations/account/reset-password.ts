import type { Operation, OperationContext } from '#server/runtime/contracts.ts'

/** The user a record stands for: itself, or the one its `account` refers to. */
async function userOf(ctx: OperationContext, entity: string, record: string): Promise<string | null> {
  if (entity === 'core/user') return record
  for await (const rows of ctx.query<{ account: string | null }>({ entity, where: 'item.id = params.record', params: { record }, columns: { account: 'item.account' } }))
    for (const row of rows) return row.account
  return null
}

/** A new password, shown once; open sessions of the user end and it must be changed at the next sign-in. */
export const resetPassword: Operation = {
  contract: {
    id: 'account/reset-password', version: 1, title: { zh: '重置密码', en: 'Reset a password' },
    input: { type: 'object', properties: { record: { type: 'string' }, entity: { type: 'string' } }, required: ['record'], additionalProperties: false },
    output: { type: 'object', properties: { password: { type: 'string' } }, required: ['password'] },
    set: false, idempotent: 'no', reversible: false, timeout: 30_000, retries: 0, reads: [],
  },
  async run([first], ctx) {
    const user = await userOf(ctx, String(first!.input['entity'] ?? 'core/user'), String(first!.input['record']))
    if (!user) return [{ ok: false, error: { code: 'ACCOUNT_MISSING', message: '尚未开通账号，请先开通账号' } }]
    const { password } = await ctx.accounts.reset(user)
    return [{ ok: true, output: { password } }]
  },
}
