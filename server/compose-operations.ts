import type { Clock } from './platform/clock.ts'
import { AppError } from './platform/errors.ts'
import type { Log } from './platform/log.ts'
import type { Random } from './platform/random.ts'
import type { Adapters } from './adapters/index.ts'
import type { Core } from './compose-core.ts'
import { OPERATIONS } from './operations/index.ts'
import { newPassword, setPassword, closeSessionsOf, findCredential } from './runtime/accounts/index.ts'
import { auditEvent } from './runtime/audit/index.ts'
import type { OperationContext } from './runtime/contracts.ts'
import type { Documents } from './runtime/documents/index.ts'
import type { Files } from './runtime/files/index.ts'
import { createOperations, renderOnce, type Operations } from './runtime/operations/index.ts'
import { saveSet, type Engine } from './runtime/records/index.ts'
import { renderer } from './runtime/print/index.ts'

export interface OperationParts { core: Core; files: Files; documents: Documents; random: Random; adapters: Adapters; options: { log: Log; clock: Clock; publicUrl?: string } }

/** Operations with everything their context offers. */
export function composeOperations({ core, files, documents, random, adapters, options }: OperationParts): Operations {
  return createOperations({
    engine: core.engine, log: options.log, random, clock: options.clock, list: OPERATIONS,
    accounts: accountsOf(core.engine, random, (p) => core.system(p)),
    files: {
      open: async (id) => (await files.open(id)).stream,
      put: async (name, mime, body, of) => (await files.put(body, { kind: 'document', name, mime, maxBytes: 100 * 1024 * 1024, encrypt: true, ...of })).id,
    },
    documents: renderOnce(files, renderer({ core, files, documents, publicUrl: options.publicUrl ?? '' })),
    adapter: <T>(name: string): T => {
      const found = Object.hasOwn(adapters, name) ? adapters[name as keyof Adapters] : undefined
      if (!found) throw new AppError('OPERATION_FAILED', { operation: name, reason: '没有此外部服务' })
      return found as T
    },
  })
}

function accountsOf(engine: Engine, random: Random, system: Core['system']): OperationContext['accounts'] {
  const reset = async (user: string, account?: string): Promise<{ password: string }> => {
    const password = newPassword(random)
    await engine.db.tx(async () => {
      const known = await findCredential(engine, { user })
      await setPassword(engine, user, account ?? known?.account ?? user, password, true)
      await closeSessionsOf(engine, user)
      // who asked for it is told by the entry of the action
      await engine.audit?.((known ? auditEvent.passwordReset : auditEvent.accountOpened)({ userId: '', role: 'system', orgId: null }, { entity: 'core/user', record: user }))
    })
    return { password }
  }
  return {
    reset: (user) => reset(user),
    open: (user, account) => reset(user, account),
    create: (input) => engine.db.tx(async () => {
      const call = system(input.programme)
      const [draft] = await saveSet(engine, call, engine.registry.entity(call.programme.id, 'core/user'), [{ data: { account: input.account, name: input.name, phone: input.phone, roles: input.roles }, org: input.org }], { via: { kind: 'effect' } })
      if (draft!.problems.length) throw new AppError('OPERATION_FAILED', { operation: 'account', reason: draft!.problems.map((p) => p.message).join('；') })
      return { user: draft!.id, ...(await reset(draft!.id, input.account)) }
    }),
  }
}
