import type { Operation, OperationContext, OperationOutcome } from '#server/runtime/contracts.ts'
import { accountNames } from './rules/account-name.ts'

interface Candidate { id: string; name: string; mobile: string | null; number: string | null; account: string | null; org: string | null }
const no = (code: string, message: string): OperationOutcome[] => [{ ok: false, error: { code, message } }]

async function firstRow<R extends object>(rows: AsyncIterable<R[]>): Promise<R | null> {
  for await (const part of rows) if (part[0]) return part[0]
  return null
}
const candidateOf = (ctx: OperationContext, record: string): Promise<Candidate | null> => firstRow(ctx.query<Candidate>({
  entity: 'candidate', where: 'item.id = params.record', params: { record },
  columns: { name: 'item.name', mobile: 'item.mobile', number: 'item.number', account: 'item.account', org: 'item.school' },
}))
const isTaken = async (ctx: OperationContext, account: string): Promise<boolean> =>
  (await firstRow(ctx.query({ entity: 'core/user', where: 'item.account = params.account', params: { account }, columns: { account: 'item.account' } }))) !== null

/** Opens a candidate's account; the first password is shown once to whoever pressed the button and must be changed at the first sign-in. */
export const openCandidate: Operation = {
  contract: {
    id: 'account/open-candidate', version: 1, title: { zh: '开通考生账号', en: 'Open a candidate account' },
    input: { type: 'object', properties: { record: { type: 'string' }, entity: { type: 'string' } }, required: ['record'], additionalProperties: false },
    output: { type: 'object', properties: { user: { type: 'string' }, account: { type: 'string' }, password: { type: 'string' } }, required: ['user', 'account', 'password'] },
    set: false, idempotent: 'no', reversible: false, timeout: 60_000, retries: 0, reads: [],
  },
  async run([first], ctx) {
    const candidate = await candidateOf(ctx, String(first!.input['record']))
    if (!candidate) return no('NOT_FOUND', '考生不存在，可能已被删除')
    if (candidate.account) return no('ACCOUNT_EXISTS', '该考生已开通账号')
    if (!candidate.mobile) return no('MOBILE_MISSING', '请先填写该考生的手机号码')
    for (const account of accountNames(candidate)) {
      if (await isTaken(ctx, account)) continue
      const opened = await ctx.accounts.create({ programme: ctx.programme, account, name: candidate.name, phone: candidate.mobile, org: candidate.org, roles: ['candidate'] })
      return [{ ok: true, output: { ...opened, account } }]
    }
    return no('ACCOUNT_TAKEN', '该考生的手机号码和考生编号都已被其他账号使用，请核对手机号码')
  },
}
