import type { ScenarioStep } from '../../runtime/definitions/index.ts'
import type { Outcome } from '../expect.ts'
import { resolve, type World } from '../world.ts'
import { refusal, servicesOf } from './ask.ts'

/** Signs in with account and password; `value` says where it led. `next` changes a first password. */
export async function signIn(w: World, step: ScenarioStep): Promise<Outcome> {
  const { account, password, next } = (await resolve(w, step.target.signIn)) as { account: string; password: string; next?: string }
  const { session, shell } = servicesOf(w)
  const r = await session.signIn({ account, password, address: `scenario-${step.line}` })
  if (!r.ok) return refusal(r)
  const open = await session.resolve(r.token)
  if (!open) throw new Error('the session did not open')
  const changed = next === undefined ? null : await session.changePassword(open.actor, { current: password, next })
  if (changed && !changed.ok) return refusal(changed)
  return { value: { account: open.actor.account, name: open.actor.name, role: open.actor.roleTitle, organisation: open.actor.orgName, portal: (await shell(open.actor)).portalTitle, home: r.home, mustChangePassword: r.mustChangePassword } }
}
