import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { FeelRuntimeError } from '#server/runtime/expressions/index.ts'
import type { Expression, Scope } from '#server/runtime/expressions/types.ts'
import { recordScope, type FactLoader } from '#server/runtime/records/index.ts'
import { step, type CoreEvent, type State, type StepRefusal, type StepResult } from './core/index.ts'
import { answerOf, evaluatorFor, feelNames, NOBODY, readsRecord } from './store/evaluate.ts'
import type { Instance } from './store/instances.store.ts'

type Result = StepResult | StepRefusal
/** Where a step stands after some answers: it asks the next question or has come to its result. */
interface Way { asks?: Question; result?: Result }
interface Question { expression: Expression; keep: 'rows' | undefined; scope: Scope; by: Map<string, Way>; /** where all go on whose records are not asked */ only?: Way }
/** questions with more answers than that (a name, a number) are each record's own */
const MOST_ANSWERS = 32

/**
 * Steps of instances of one entity. The core is pure: those that stand alike, meet the same event and get the same answers go the
 * same way, so only the first of them is stepped and the others share its result; what each of their records says is asked all the same.
 */
export function stepsAlike(loader: FactLoader, def: EntityDef): (instance: Instance, event: CoreEvent) => Result {
  const roots = new Map<State, Map<CoreEvent, Way>>()
  return (instance, event) => {
    let byEvent = roots.get(instance.state)
    if (!byEvent) roots.set(instance.state, (byEvent = new Map()))
    let root = byEvent.get(event)
    if (!root) byEvent.set(event, (root = {}))
    return known(def, root, instance.record) ?? walked(loader, def, root, instance, event)
  }
}

/** The result of somebody who has got the same answers. */
function known(def: EntityDef, root: Way, record: string): Result | undefined {
  let way: Way | undefined = root
  while (way?.asks) {
    if (way.asks.only) { way = way.asks.only; continue }
    const answer = ask(def, way.asks, record)
    if (answer === undefined) return undefined
    way = way.asks.by.get(answer)
  }
  return way?.result
}

function ask(def: EntityDef, { expression, keep, scope }: Question, record: string): string | undefined {
  const row = { $: 'row', entity: def.id, id: record } as const
  scope.names['record'] = row
  scope.names['item'] = row
  try { return textOf(answerOf(expression.evaluate(scope), keep)) } catch (error) {
    // what cannot be computed is the record's own matter
    if (error instanceof FeelRuntimeError) return undefined
    throw error
  }
}
const textOf = (answer: unknown): string => JSON.stringify(answer) ?? 'nothing'

function next(question: Question, answer: string | null): Way | undefined {
  if (answer === null) return (question.only ??= {})
  const { by } = question
  let way = by.get(answer)
  if (!way && by.size < MOST_ANSWERS) by.set(answer, (way = {}))
  return way
}

/** Steps and notes what was asked and answered on the way. */
function walked(loader: FactLoader, def: EntityDef, root: Way, { process, state, record }: Instance, event: CoreEvent): Result {
  const evaluate = evaluatorFor(loader, def, record)
  const { registry, programme } = loader.context
  let way: Way | undefined = root
  const result = step(process.compiled, state, event, (text, names, keep) => {
    const here = way
    way = undefined
    const answer = evaluate(text, names, keep)
    if (!here) return answer
    here.asks ??= { expression: registry.expression(programme.id, text, recordScope(def)), keep, scope: loader.scope({ ...NOBODY, ...feelNames(names ?? {}) }), by: new Map() }
    way = next(here.asks, readsRecord(loader, def, text) ? textOf(answer) : null)
    return answer
  })
  if (way) way.result = result
  return result
}
