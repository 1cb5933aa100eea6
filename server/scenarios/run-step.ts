import type { ScenarioStep, Verb } from '../runtime/definitions/index.ts'
import { checkExpect, type Outcome } from './expect.ts'
import type { OpenWorld } from './open-world.ts'
import { lastNotice } from './sent.ts'
import { act, create, edit, open, query } from './verbs/records.ts'
import { advance, evaluate, job } from './verbs/others.ts'
import { actAs, findRef, readPath, type World } from './world.ts'

type RunVerb = (w: World, step: ScenarioStep) => Promise<Outcome>

/** What prints, draws or serves is loaded when a scenario asks for it. */
const late = (verb: 'importRows' | 'exportRows' | 'render' | 'lookup'): RunVerb => async (w, step) => (await import('./verbs/transfer.ts'))[verb](w, step)
const seen = (verb: 'menu' | 'page' | 'view' | 'form' | 'report'): RunVerb => async (w, step) => (await import('./verbs/pages.ts'))[verb](w, step)
const sheet = (verb: 'template' | 'upload' | 'records'): RunVerb => async (w, step) => (await import('./verbs/sheets.ts'))[verb](w, step)
const RUN: Record<Exclude<Verb, 'do' | 'kill'>, RunVerb> = {
  create, edit, open, query, advance, eval: evaluate, job, import: late('importRows'), export: late('exportRows'), render: late('render'), lookup: late('lookup'),
  menu: seen('menu'), page: seen('page'), view: seen('view'), form: seen('form'), report: seen('report'), template: sheet('template'), upload: sheet('upload'), records: sheet('records'),
  choose: async (w, step) => (await import('./verbs/choices.ts')).choose(w, step),
  pick: async (w, step) => (await import('./verbs/choices.ts')).pick(w, step),
  signIn: async (w, step) => (await import('./verbs/sign-in.ts')).signIn(w, step),
  api: async (w, step) => (await import('./verbs/api.ts')).api(w, step),
}

/** A disabled account cannot act: its sessions end. */
const isDisabled = async (w: World): Promise<boolean> => (await readPath(w, { entity: 'core/user', id: w.actor!.userId }, 'status')) === 'DISABLED'

async function takeVerbs(w: World, step: ScenarioStep): Promise<Outcome> {
  let outcome: Outcome = {}
  for (const verb of step.verbs) {
    if (verb === 'kill') continue
    if (verb === 'do') outcome = await act(w, step, outcome.ref && step.verbs[0] === 'create' ? outcome.ref : undefined)
    else outcome = { ...outcome, ...(await RUN[verb](w, step)) }
  }
  await w.drain()
  return outcome
}

/** The step's process dies after `kill` writes; the next one takes up what was left. Gives the record the step was about, as it is then. */
async function takeAndDie(opened: OpenWorld, step: ScenarioStep): Promise<Outcome> {
  const { world } = opened
  const after = Number(step.target.kill)
  const mortal = opened.mortal()
  mortal.arm(after)
  const died = await takeVerbs(world, step).catch((error: unknown) => { if (!mortal.isDead()) throw error })
  if (!mortal.isDead()) { const made = mortal.disarm(); throw new Error(`the step was over after ${made} writes${died?.refused?.length ? ` (refused: ${died.refused.join('；')})` : ''}; kill it after at most ${Math.max(1, made)}`) }
  await opened.restart()
  const about = [step.on, step.target.edit, step.target.open].find((x) => typeof x === 'string' && x.startsWith('$')) as string | undefined
  const ref = about ? findRef(world, about)?.ref : undefined
  return ref ? { ref, refs: [ref] } : {}
}

/** Takes one step and tells every way in which what happened differs from what it expects. */
export async function runStep(opened: OpenWorld, step: ScenarioStep): Promise<string[]> {
  const { world } = opened
  await actAs(world, step.as)
  if (world.actor && (await isDisabled(world))) return checkExpect(world, step.expect, { denied: true, refused: ['账号已停用，请联系管理员'] })
  const before = await lastNotice(world)
  const outcome = step.verbs.includes('kill') ? await takeAndDie(opened, step) : await takeVerbs(world, step)
  if (typeof step.raw['keep'] === 'string') world.kept.set(step.raw['keep'], outcome.value)
  return checkExpect(world, step.expect, { ...outcome, noticesAfter: before })
}
