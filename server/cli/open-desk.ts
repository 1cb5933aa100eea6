import { createCertflow } from '#server/index.ts'
import type { House } from '#server/house.ts'
import { AppError } from '#server/platform/errors.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import type { Actor, JobView, Services } from '#server/services.ts'
import { finishJob } from './finish-job.ts'
import type { Cli } from './terminal.ts'

/** One account at work from the command line: the same services, rights and history as on its pages. */
export interface Desk { services: Services; house: House; actor: Actor; finish(job: string): Promise<JobView>; close(): Promise<void> }

export interface DeskOptions { as: string; program?: string }

export async function openDesk(cli: Cli, { as, program }: DeskOptions): Promise<Desk> {
  const { services, house, close } = await createCertflow({ ...cli.config(), worker: 'off' })
  try {
    const programmes = Object.values(house.options.definitions.programmes).filter((p) => p.id !== p.family).map((p) => p.id)
    const programme = program ?? (programmes.length === 1 ? programmes[0] : undefined)
    if (!programme || !programmes.includes(programme)) {
      throw new AppError('NOT_FOUND', { what: cli.say('项目', 'programme'), id: programme ?? '' }, { fix: cli.say(`用 --program 指定其一：${programmes.join('、')}`, `name one with --program: ${programmes.join(', ')}`) })
    }
    const actor = await actorOf(house.core.engine, programme, { account: as }, { lang: cli.terminal.lang })
    if (!actor) throw new AppError('NOT_FOUND', { what: cli.say(`账号 ${as}`, 'account'), id: as })
    return { services, house, actor, close, finish: (job) => finishJob({ services, house, actor }, job) }
  } catch (error) { await close(); throw error }
}
