import type { ElementInfo } from '../../core/types.ts'
import { outgoing, title, type Lint } from './context.ts'
import { outcomesNamed } from '../../core/outcome-test.ts'

const REPEATABLE = new Set(['userTask', 'serviceTask', 'sendTask', 'receiveTask', 'businessRuleTask', 'manualTask', 'task', 'subProcess', 'callActivity'])
const ITEM = /\b(each|loopCounter)\b(?!\s*\()/
const withoutStrings = (text: string): string => text.replace(/"[^"]*"/g, '""')

/** Activities that run several times, and who speaks of their items. */
export function lintLoops(lint: Lint): void {
  for (const el of lint.elements) if (el.loop) lintLoop(lint, el)
  lintItems(lint)
}

function lintLoop(lint: Lint, el: ElementInfo): void {
  const { found } = lint
  const loop = el.loop
  if (!loop) return
  const say = (code: string, message: string, fix: string): void => found.error(loop.line, code, message, fix)
  if (!REPEATABLE.has(el.type)) say('loop.element', `${title(el)} is a ${el.type}, which cannot run several times`, 'put it into a sub-process and repeat that')
  if (loop.how === 'standard') {
    if (loop.while === undefined && loop.most === undefined) say('loop.endless', `${title(el)} loops without <loopCondition> and without loopMaximum: it would never end`, 'write <bpmn:loopCondition> (true = once more), or loopMaximum="…"')
    return
  }
  if (loop.each === undefined && loop.count === undefined) say('loop.count', `${title(el)} does not say for whom or how often it runs`, 'write certflow:each="<FEEL list>", or <bpmn:loopCardinality> with a FEEL number')
  if (loop.each !== undefined && loop.count !== undefined) say('loop.count', `${title(el)} has certflow:each and <loopCardinality>`, 'keep one of them')
  if (loop.count !== undefined && /^-?[\d.]+$/.test(loop.count) && !/^[1-9]\d*$/.test(loop.count)) say('loop.count', `${title(el)} runs ${loop.count} times`, 'write a whole number from 1')
  if (loop.distinct && el.type !== 'userTask') say('loop.distinct', `certflow:distinct on ${title(el)}, a ${el.type}: nobody acts on its runs`, 'remove it, or use it on a user task')
  lintOutcomes(lint, el)
}

/** Outcomes that the completion condition and the flows name are those of the task. */
function lintOutcomes(lint: Lint, el: ElementInfo): void {
  const loop = el.loop
  if (el.type !== 'userTask' || !loop) return
  const known = el.outcomes.map(o => o.id)
  const texts = loop.until !== undefined && /\b(outcomes?|done)\b/.test(loop.until) ? [...loop.until.matchAll(/"([^"]*)"/g)].map(m => m[1] ?? '') : []
  const odd = texts.find(t => !known.includes(t))
  if (odd !== undefined) lint.found.error(loop.line, 'loop.outcome', `the completion condition of ${title(el)} names "${odd}", which is none of its outcomes (${known.join(', ')})`, 'name one of its outcomes')
  if (loop.how !== 'parallel') return
  const next = outgoing(lint, el.id).flatMap(f => [f, ...(lint.process.elements[f.target]?.type.endsWith('Gateway') ? outgoing(lint, f.target) : [])])
  for (const f of next)
    if (f.condition !== undefined && outcomesNamed(f.condition).length > 0) lint.found.warn(f.line, 'loop.lastOutcome', `the condition of ${f.id} reads "outcome": after ${title(el)} that is only what the last person took`, 'read all of them, e.g. count(outcomes[item = "approve"]) > nrOfInstances / 2')
}

/** `each` and `loopCounter` are there inside a loop alone, and not when a timer's data changes. */
function lintItems({ process, found }: Lint): void {
  const inLoop = (id: string | undefined): boolean => {
    for (let at = id; at !== undefined; at = process.elements[at]?.scope) if (process.elements[at]?.loop && process.elements[at]?.loop?.how !== 'standard') return true
    return false
  }
  for (const use of process.expressions) {
    const named = ITEM.exec(withoutStrings(use.text))?.[1]
    if (named === undefined || /\.\s*$/.test(withoutStrings(use.text).slice(0, withoutStrings(use.text).search(ITEM)))) continue
    const el = process.elements[use.element]
    const scope = el ? (use.use === 'each' || use.use === 'count' ? el.scope : el.id) : process.elements[process.flows[use.element]?.source ?? '']?.scope
    if (use.use === 'timer') found.error(use.line, 'loop.timer', `the timer of ${use.element} reads "${named}", but timers follow the data of the record`, 'write the time into the record and read it there')
    else if (!inLoop(scope) && !(named === 'loopCounter' && el?.loop)) found.warn(use.line, 'loop.name', `"${use.text}" of ${use.element} reads "${named}", but it stands in no activity that runs for each of several: it is null unless such an activity calls this process`, 'use it on the activity with certflow:each or in its sub-process')
  }
}
