import { openHouse } from '#server/house.ts'
import type { Secrets } from '#server/platform/crypto.ts'
import { virtualClock } from '#server/platform/clock.ts'
import { silentLog } from '#server/platform/log.ts'
import { shippedDefinitions } from '../integration/support/house.ts'

interface Given { url: string; dir: string; secrets: Secrets; now: number; owner: string }

/** Works off the job queue of a house that another process has made; says how far each commit has come. */
const given = JSON.parse(process.argv[2]!) as Given
const house = await openHouse({ databaseUrl: given.url, varDir: given.dir, secrets: given.secrets, clock: virtualClock(given.now), log: silentLog(), definitions: await shippedDefinitions(), zone: 'Asia/Shanghai', owner: given.owner })
const watch = setInterval(() => {
  void house.db.one<{ n: number }>('SELECT MAX(ok_count + fail_count) AS n FROM imports').then((r) => { process.stdout.write(`${r!.n}\n`) })
}, 5)
await house.jobs.drain()
clearInterval(watch)
await house.close()
