import { openDatabase } from '#server/data/index.ts'
import { createKeyring, type Secrets } from '#server/platform/crypto.ts'
import { systemClock } from '#server/platform/clock.ts'
import { silentLog } from '#server/platform/log.ts'
import { createAudit, publishToFile } from '#server/runtime/audit/index.ts'

/** Writes business rows with their audit entries as fast as it can, while it seals too; says how many transactions were committed. */
const { url, secrets, heads, who } = JSON.parse(process.argv[2]!) as { url: string; secrets: Secrets; heads: string; who: number }
const db = await openDatabase({ url, poolSize: 4 })
const audit = createAudit({ db, clock: systemClock, keyring: createKeyring(secrets), log: silentLog(), publish: publishToFile(heads) })
audit.sealer(3).start()
for (let n = 1; ; n++) {
  await db.tx(async (t) => {
    await t.insertMany('deeds', ['who', 'n'], [[who, n]])
    await audit.write(t, [1, 2, 3].map((part) => ({ actor: { id: String(who) }, action: 'record.update', entity: 'deed', record: String(n), detail: { part } })))
    // some are undone and leave a gap in the numbers
    if (n % 7 === 0) throw new Error('undone')
  }).catch((e: Error) => { if (e.message !== 'undone') throw e })
  process.stdout.write(`${n}\n`)
}
