import { seedsOf, type Definitions } from '#server/runtime/definitions/index.ts'
import { placeAt, type ProcessRuntime } from '#server/runtime/process/index.ts'
import type { Call } from '../context.ts'
import { demoRecords } from './demo.ts'
import { publish } from './publish.store.ts'
import { seedRecords, type SampleFile, type SeedNames, type SeedReport } from './seed.ts'

/** Tables, then reference data and every programme's records, then the named demo sets. Repeating it changes nothing that is there. */
export async function install(runtime: ProcessRuntime, definitions: Definitions, system: (programme: string) => Call, demos: string[], sampleFile?: SampleFile): Promise<{ names: Map<string, SeedNames>; reports: SeedReport[]; passwords: { user: string; account: string; password: string; programme: string }[] }> {
  const call = system(Object.keys(definitions.programmes)[0]!)
  await publish(runtime.engine, definitions, call.now)
  const names = new Map<string, SeedNames>()
  const reports: SeedReport[] = []
  const passwords: { user: string; account: string; password: string; programme: string }[] = []
  const programmes = Object.values(definitions.programmes).filter((p) => p.id !== p.family)
  for (const programme of programmes) {
    const known: SeedNames = new Map()
    names.set(programme.id, known)
    const chosen = Object.values(definitions.demos).filter((d) => demos.includes(d.id) && (!d.programs?.length || d.programs.includes(programme.id)))
    const expanded = chosen.map(demoRecords)
    const sets = [...seedsOf(definitions, programme.id), ...expanded.flatMap((e) => e.sets)]
    const mine = system(programme.id)
    reports.push(await runtime.engine.db.tx(() => seedRecords(runtime.engine, mine, sets, known, (c, def, id, status) => placeAt(runtime, c, def, id, status), sampleFile)))
    for (const e of expanded) for (const p of e.passwords) passwords.push({ ...p, programme: programme.id })
  }
  return { names, reports, passwords }
}
