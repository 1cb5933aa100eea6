import type { House } from './house.ts'
import { cryptoRandom } from './platform/random.ts'
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor, secondFactorState, verifySecondFactor } from './runtime/accounts/index.ts'
import { auditEvent, type Audit } from './runtime/audit/index.ts'
import type { Actor, Result } from './runtime/context.ts'
import { qrSvg } from './runtime/documents/index.ts'
import type { SecondFactorServices } from './services.ts'

/** Enrolment and check of the second factor, each told in the audit trail. */
export function secondFactorServices(house: House, audit: Audit): SecondFactorServices {
  const { engine } = house.core
  const random = house.options.random ?? cryptoRandom
  const issuer = house.options.publicUrl ? new URL(house.options.publicUrl).hostname : 'Certflow'
  const told = async <T>(actor: Actor, what: 'enrol' | 'verify' | 'remove', address: string, result: Result<T>): Promise<Result<T>> => {
    await house.db.tx((t) => audit.write(t, auditEvent.secondFactor(actor, result.ok ? what : 'refuse', address)))
    return result
  }
  return {
    state: (actor) => secondFactorState(engine, actor),
    async begin(actor) {
      const begun = await beginSecondFactor(engine, random, actor, issuer)
      return begun.ok ? { ok: true, secret: begun.secret, qr: `data:image/svg+xml;base64,${Buffer.from(qrSvg(begun.uri, '200px')).toString('base64')}` } : begun
    },
    confirm: async (actor, input) => told(actor, 'enrol', input.address, await confirmSecondFactor(engine, random, actor, input)),
    verify: async (actor, input) => told(actor, 'verify', input.address, await verifySecondFactor(engine, random, actor, input)),
    remove: async (actor, input) => told(actor, 'remove', input.address, await removeSecondFactor(engine, actor, input)),
  }
}
