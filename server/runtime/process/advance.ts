import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { FeelRuntimeError } from '#server/runtime/expressions/index.ts'
import { factsFor, overlayDraft, writeHistory, type Draft, type FactLoader, type Noted, type WriteNote } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { isRefusal, type CoreEvent, type Effect, type StepRefusal } from './core/index.ts'
import { applyEffects } from './effects/apply.ts'
import { EffectRefused } from './effects/refused.ts'
import { noteOfChange } from './note-condition.ts'
import { factsMoved } from './store/listen.ts'
import { writeEffects, type Went, type Written } from './store/write-effects.store.ts'
import { saveInstances, type Instance } from './store/instances.store.ts'
import type { ProcessRuntime } from './runtime.ts'
import { stepsAlike } from './step-alike.ts'

export interface Move { instance: Instance; event: CoreEvent; note?: Partial<WriteNote> }
export interface Moved { instance: Instance; refusal?: StepRefusal; status?: string; made: Record<string, unknown> }

interface Step extends Went { move: Move }
const NONE: Went['renumbered'] = []

/**
 * Steps a set of instances of one entity, applies what comes of it and goes on until every token waits for somebody or something outside.
 * States, tasks, timers, statuses, history and jobs are written in the caller's transaction.
 */
export async function advance(runtime: ProcessRuntime, call: Call, def: EntityDef, moves: Move[], drafts: Draft[] = []): Promise<Moved[]> {
  const results = new Map<string, Moved>(moves.map((m) => [m.instance.id, { instance: m.instance, made: {} }]))
  let pending = moves
  for (let round = 0; pending.length > 0; round++) {
    if (round > 200) throw new Error(`process of ${def.id} does not come to rest`)
    const loader = freshFacts(runtime, call, drafts)
    const { now, later } = oncePerInstance(pending)
    const steps = stepsAlike(loader, def)
    const stepped = await loader.settleAll(now, ({ instance, event }) => steps(instance, event))
    const went: Step[] = []
    now.forEach((move, i) => {
      const r = stepped[i]!
      if (isRefusal(r)) { results.get(move.instance.id)!.refusal = r; return }
      const note = move.note ?? (move.event.kind === 'changed' ? noteOfChange(move.instance.process.compiled, move.instance.state, r.state) : undefined)
      move.instance.state = r.state
      went.push({ move: note === move.note ? move : { ...move, note: note! }, instance: move.instance, effects: r.effects, renumbered: r.renumbered ?? NONE })
    })
    await saveInstances(runtime.engine, call.now, went.map((w) => w.instance))
    const written = await writeEffects(runtime, call, loader, def, went)
    await writeNotes(runtime, call, def, went)
    markStatus(written, results, drafts)
    pending = [...await follow(runtime, call, def, went, results), ...later.map((move) => renumbered(move, went))]
    if (written.byRecord.size > 0) await factsMoved(runtime, call, def, [...written.byRecord.keys()], advance)
  }
  return [...results.values()]
}

/** An instance takes one event at a time: what else is meant for it waits for the next round. */
function oncePerInstance(moves: Move[]): { now: Move[]; later: Move[] } {
  const seen = new Set<string>()
  const now = moves.filter((m) => !seen.has(m.instance.id) && Boolean(seen.add(m.instance.id)))
  return { now, later: now.length === moves.length ? [] : moves.filter((m) => !now.includes(m)) }
}
/** The event for the number that its token has now. */
function renumbered(move: Move, went: Step[]): Move {
  const { event } = move
  const to = 'token' in event ? went.find((w) => w.move.instance === move.instance)?.renumbered.find((r) => r.from === event.token)?.to : undefined
  return to === undefined ? move : { ...move, event: { ...event, token: to } as CoreEvent }
}

const freshFacts = (runtime: ProcessRuntime, call: Call, drafts: Draft[]): FactLoader => {
  const loader = factsFor(runtime.engine, call)
  // what is partly in memory is whole in the database
  for (const d of drafts) if (!d.partial) overlayDraft(loader, d)
  return loader
}

async function writeNotes(runtime: ProcessRuntime, call: Call, def: EntityDef, went: Step[]): Promise<void> {
  const notes = new Map<Partial<WriteNote>, WriteNote>()
  const noteOf = (note: Partial<WriteNote>): WriteNote => { let whole = notes.get(note); if (!whole) notes.set(note, (whole = { kind: 'process', ...note })); return whole }
  const rows: Noted[] = []
  for (const { move: { note, instance }, effects } of went) {
    if (note) rows.push({ def, id: instance.record, instance: instance.id, note: noteOf(note) })
    for (const e of effects) if (e.kind === 'loopCut') rows.push({ def, id: instance.record, note: { kind: 'loopCut', instance: instance.id, element: e.element, outcome: 'cancelled', comment: `已办理${e.completed}项，达到完成条件，其余${e.cancelled}项取消` } })
  }
  await writeHistory(runtime.engine, call, rows)
}

function markStatus(written: Written, results: Map<string, Moved>, drafts: Draft[]): void {
  for (const [instance, status] of written.statuses) results.get(instance)!.status = status
  for (const d of drafts) {
    const status = written.byRecord.get(d.id)
    if (status !== undefined) { d.status = status; d.storedRev += 1 }
  }
}

/** Effects that the token waits for are applied now; what they answer is the next event. */
async function follow(runtime: ProcessRuntime, call: Call, def: EntityDef, went: Step[], results: Map<string, Moved>): Promise<Move[]> {
  const next: Move[] = []
  const applies: { instance: Instance; effect: Extract<Effect, { kind: 'apply' }> }[] = []
  for (const { instance, effects } of went) for (const effect of effects) if (effect.kind === 'apply') applies.push({ instance, effect })
  if (applies.length === 0) return next
  const groups = call.actor.userId === '' ? applies.map((a) => [a]) : [applies]
  for (const group of groups) {
    const done = await attempt(runtime, call, () => applyEffects(runtime, call, def, group))
    if (done instanceof Error) {
      const { instance, effect } = group[0]!
      if (!effect.wait) throw done
      next.push({ instance, event: { kind: 'operationResult', token: effect.token, error: { code: done instanceof EffectRefused ? 'effectRefused' : 'expressionFailed', message: done.message } } })
      continue
    }
    for (const d of done) {
      Object.assign(results.get(d.instance.id)!.made, d.made)
      if (d.wait && !d.later) next.push({ instance: d.instance, event: { kind: 'effectDone', token: d.token, result: d.made, names: d.names } })
    }
  }
  return next
}

/** A person's step is undone and told why; the system's step stays, and what cannot be written becomes an incident. */
async function attempt<T>(runtime: ProcessRuntime, call: Call, apply: () => Promise<T>): Promise<T | EffectRefused | FeelRuntimeError> {
  if (call.actor.userId !== '') return apply()
  try { return await runtime.engine.db.savepoint(apply) } catch (error) {
    if (error instanceof EffectRefused || error instanceof FeelRuntimeError) return error
    throw error
  }
}
