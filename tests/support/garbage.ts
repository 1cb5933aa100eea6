import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** How many of them something still holds. */
export async function stillHeld(refs: readonly WeakRef<object>[]): Promise<number> {
  await turn()
  collect()
  return refs.filter((ref) => ref.deref() !== undefined).length
}
