import { counted, type Problem, type Warned } from '../context.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import { defineJob, type JobType } from '#server/runtime/jobs/index.ts'
import type { SignatureParts } from '#server/runtime/signatures/index.ts'
import { pressSigned, type PressAsk } from './act-on.ts'
import type { ViewParts } from './parts.ts'

interface Payload extends PressAsk { entity: string; programme: string; user: string; role: string; signature?: string }
interface Pressing { ok: number; failed: number; refused: Warned; warned: Warned; [key: string]: number | Warned }
const BATCH = 500

/** A button for more records than one request may move: in batches, each with its checkpoint. A signed set moves whole. */
export const pressJob = (parts: () => { views: ViewParts; signatures: SignatureParts }): JobType => defineJob<Payload, Pressing>({
  type: 'desk.press', input: { type: 'object', required: ['entity', 'programme', 'user', 'role', 'button', 'ids'] }, timeoutMs: 7_200_000,
  async run(payload, ctx) {
    const { views, signatures } = parts()
    const { engine } = views.core
    const actor = await actorOf(engine, payload.programme, { id: payload.user }, { role: payload.role })
    if (!actor) throw new Error('the person who asked is not there any more')
    const def = engine.registry.entity(payload.programme, payload.entity)
    const total = payload.ids.length
    const size = payload.signature ? total : BATCH
    let at = (ctx.checkpoint as { at: number; result: Pressing } | null) ?? { at: 0, result: { ok: 0, failed: 0, refused: [], warned: [] } }
    while (at.at < total) {
      const ids = payload.ids.slice(at.at, at.at + size)
      await ctx.commit(async () => {
        const said: Problem[] = []
        const pressed = await pressSigned(views, signatures, { ...views.core.call(actor), warned: said }, def, { button: payload.button, ids, ...(payload.input ? { input: payload.input } : {}), ...(payload.comment ? { comment: payload.comment } : {}) }, payload.signature)
        at = { at: at.at + ids.length, result: added(at.result, pressed.done.length, pressed.refused.map((r) => r.problems.map((p) => p.message).join('；')), said.map((p) => p.message)) }
        return { checkpoint: at as never, done: at.at, total }
      })
    }
    return at.result
  },
})

function added(before: Pressing, done: number, reasons: string[], said: string[]): Pressing {
  return { ok: before.ok + done, failed: before.failed + reasons.length, refused: counted(reasons, before.refused, Infinity), warned: counted(said, before.warned) }
}
