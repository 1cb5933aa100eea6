import { workerData } from 'node:worker_threads'
import { openDatabase } from '#server/data/index.ts'

const { url, times } = workerData as { url: string; times: number }
const db = await openDatabase({ url })
for (let n = 0; n < times; n++) await db.tx(async () => { await db.run('UPDATE counter SET n = n + 1 WHERE id = 1') })
await db.close()
