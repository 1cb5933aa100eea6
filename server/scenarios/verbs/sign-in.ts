import type { ScenarioStep } from '../../runtime/definitions/index.ts'
import type { Outcome } from '../expect.ts'
import { findCredential, setPassword } from '../../runtime/accounts/index.ts'
import { giveCredential } from '../credentials.ts'
import { resolve, type World } from '../world.ts'
import { refusal, servicesOf } from './ask.ts'

/** Passwords of demo sets take long to make: each is made when somebody first signs in with it. */
async function givePassword(w: World, account: string): Promise<void> {
  const [name, user] = Object.values(w.house.options.definitions.demos).flatMap((d) => Object.entries(d.users)).find(([, u]) => u['account'] === account && typeof u['password'] === 'string') ?? []
  const id = name === undefined ? undefined : w.names.get(`user.${name}`)
  if (!user || !id || (await findCredential(w.core.engine, { user: id }))) return
  await setPassword(w.core.engine, id, account, String(user['password']), false)
}

/** Signs in with account and password; `value` says where it led. `next` changes a first password. */
export async function signIn(w: World, step: ScenarioStep): Promise<Outcome> {
  const { account, password, next } = (await resolve(w, step.target.signIn)) as { account: string; password: string; next?: string }
  await givePassword(w, account)
  const { session, shell } = servicesOf(w)
  await giveCredential(w, account)
  const r = await session.signIn({ account, password, address: `scenario-${step.line}` })
  if (!r.ok) return refusal(r)
  const open = await session.resolve(r.token)
  if (!open) throw new Error('the session did not open')
  const changed = next === undefined ? null : await session.changePassword(open.actor, { current: password, next })
  if (changed && !changed.ok) return refusal(changed)
  return { value: { account: open.actor.account, name: open.actor.name, role: open.actor.roleTitle, organisation: open.actor.orgName, portal: (await shell(open.actor)).portalTitle, home: r.home, mustChangePassword: r.mustChangePassword } }
}
