import type { Services } from './services.ts'
import type { House } from './house.ts'
import { actorOf, changePassword, closeSession, resolveSession, signIn, updateSession } from './runtime/accounts/index.ts'
import { auditEvent, type Audit } from './runtime/audit/index.ts'
import { secondFactorServices } from './compose-second-factor.ts'
import { cryptoRandom } from './platform/random.ts'
import type { Actor } from './runtime/context.ts'

/** Programmes in which a user has a role, in the order of the definitions. */
export async function programmesOf(house: House, user: string): Promise<string[]> {
  const out: string[] = []
  for (const p of house.core.registry.programmes()) if (await actorOf(house.core.engine, p.id, { id: user })) out.push(p.id)
  return out
}

export function sessionServices(house: House, audit: Audit): Services['session'] {
  const { engine, registry } = house.core
  const random = house.options.random ?? cryptoRandom
  return {
    async signIn(input) {
      const result = await signIn(engine, random, registry.programmes().map((p) => p.id), input)
      await house.db.tx((t) => audit.write(t, auditEvent.signIn(result.ok ? { ok: true, actor: result.actor } : { ok: false, code: result.code }, input.address)))
      if (!result.ok) return result
      const { actor, ...session } = result
      return { ...session, home: actor.portal === 'me' ? '/me' : '/' }
    },
    resolve: (token) => (token ? resolveSession(engine, token) : Promise.resolve(null)),
    async signOut(token) {
      const session = await resolveSession(engine, token)
      await closeSession(engine, token)
      if (session) await house.db.tx((t) => audit.write(t, auditEvent.signOut(session.actor)))
    },
    async changePassword(actor, input) {
      const result = await changePassword(engine, random, actor, input)
      if (result.ok) await house.db.tx((t) => audit.write(t, auditEvent.passwordChanged(actor)))
      return result
    },
    secondFactor: secondFactorServices(house, audit),
    setLang: (token, lang) => updateSession(engine, token, { lang }),
    async setProgramme(token, programme) {
      const session = await resolveSession(engine, token)
      const known = session && registry.programmes().some((p) => p.id === programme)
      const actor: Actor | null = known ? await actorOf(engine, programme, { id: session.actor.userId }) : null
      if (actor) await updateSession(engine, token, { programme, role: actor.role })
    },
  }
}
