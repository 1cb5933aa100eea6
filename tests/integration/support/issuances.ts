import { placeAt } from '#server/runtime/process/index.ts'
import { seedRecords } from '#server/runtime/release/index.ts'
import type { SeedRecords } from '#server/runtime/definitions/index.ts'
import type { TestHouse } from './house.ts'

const set = (entity: string, records: SeedRecords['records']): SeedRecords => ({ entity, file: 'test', key: [], records })

/** Two candidates who passed, with records to be signed: "issuance.wang" and "issuance.li" in the names of the house. */
export async function passedCandidates(t: TestHouse): Promise<void> {
  const both = (make: (who: string) => SeedRecords['records'][string]): SeedRecords['records'] => ({ wang: make('wang'), li: make('li') })
  const call = t.house.core.system(t.programme)
  const report = await seedRecords(t.house.core.engine, call, [
    set('entry', both((who) => ({ plan: '$exam-plan.plan2026', candidate: `$candidate.${who}`, certificate: '$certificate.mid', candidateType: 'SCHOOL', site: '$exam-site.beike' }))),
    set('registration', Object.fromEntries(['wang', 'li'].flatMap((who) => ['joint1', 'joint2'].map((s) => [`${who}.${s}`, { entry: `$entry.${who}`, planSubject: `$plan-subject.${s}`, score: 90 }])))),
    set('issuance', both((who) => ({ entry: `$entry.${who}`, candidate: `$candidate.${who}`, certificate: '$certificate.mid', plan: '$exam-plan.plan2026' }))),
  ], t.names, (c, def, id, status) => placeAt(t.house.core.processes, c, def, id, status))
  if (report.problems.length) throw new Error(report.problems.join('\n'))
  await t.house.jobs.drain()
}
export function nameOf(t: TestHouse, name: string): string {
  const id = t.names.get(name)
  if (!id) throw new Error(`nothing is called ${name}; there are ${[...t.names.keys()].join(', ')}`)
  return id
}
