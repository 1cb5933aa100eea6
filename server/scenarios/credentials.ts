import { findCredential, setPassword } from '../runtime/accounts/index.ts'
import type { World } from './world.ts'

/** A demo account gets its password when it is first needed: hashing one takes longer than most steps. */
export async function giveCredential(w: World, account: string): Promise<void> {
  const demo = w.passwords.get(account)
  if (!demo || (await findCredential(w.core.engine, { user: demo.user }))) return
  await setPassword(w.core.engine, demo.user, account, demo.password, false)
}
