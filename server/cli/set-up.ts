import { alone } from '#server/data/index.ts'
import type { House } from '#server/house.ts'
import { findCredential, setPassword } from '#server/runtime/accounts/index.ts'
import type { Definitions } from '#server/runtime/definitions/index.ts'
import { install, type SampleFile, type SeedNames } from '#server/runtime/release/index.ts'

export interface SetUpReport { created: number; kept: number; problems: string[]; accounts: number; /** ids of seeded records by programme and name */ names: Map<string, SeedNames> }

/** Tables, seeds and demo records; accounts of a demo get their password once. What is there already stays as it is. Several processes take turns. */
export async function setUp(house: House, definitions: Definitions, demos: string[]): Promise<SetUpReport> {
  const report = await alone({ url: house.options.databaseUrl }, () => load(house, definitions, demos))
  // what new records have set going is part of them; jobs that a crash has left are the worker's, and nobody waits for them here
  if (report.created > 0) await house.jobs.drain()
  return report
}

/** What draws pictures is loaded when a new record wants one. */
const sampleFile = (house: House): SampleFile => async (def, path, name) => (await import('#server/scenarios/sample-files.ts')).demoFile(house)(def, path, name)

async function load(house: House, definitions: Definitions, demos: string[]): Promise<SetUpReport> {
  const { core } = house
  const installed = await install(core.processes, definitions, (programme) => core.system(programme), demos, sampleFile(house))
  const report: SetUpReport = { created: 0, kept: 0, problems: [], accounts: 0, names: installed.names }
  for (const r of installed.reports) { report.created += r.created; report.kept += r.kept; report.problems.push(...r.problems) }
  for (const { user, account, password, programme } of installed.passwords) {
    const id = installed.names.get(programme)?.get(`user.${user}`)
    if (!id || await findCredential(core.engine, { user: id })) continue
    await setPassword(core.engine, id, account, password, false)
    report.accounts++
  }
  return report
}

export interface SignIn { role: string; account: string; password: string; name: string }
/** The accounts that demo sets bring, with their roles' titles. */
export const demoSignIns = (definitions: Definitions, demos: string[], lang: 'zh' | 'en'): SignIn[] => demos.flatMap((id) => {
  const demo = definitions.demos[id]
  const roles = Object.values(definitions.programmes).find((p) => !demo?.programs?.length || demo.programs.includes(p.id))?.roles ?? {}
  return Object.values(demo?.users ?? {}).flatMap((u) => {
    const [role = ''] = (u['roles'] as string[] | undefined) ?? []
    return typeof u['password'] === 'string' ? [{ role: roles[role]?.title[lang] ?? role, account: String(u['account']), password: u['password'], name: String(u['name']) }] : []
  })
})
