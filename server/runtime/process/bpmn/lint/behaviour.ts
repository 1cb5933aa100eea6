import type { Marking } from '../../core/types.ts'
import { title, type Lint } from './context.ts'
import { explore, type Stuck } from './explore.ts'
import { asksOutcomeOnly } from '../../core/outcome-test.ts'

const states = (lint: Lint, marking: Marking): Map<string, string> => new Map(marking.tokens.flatMap(t => {
  const el = lint.process.elements[t.at]
  return el?.status !== undefined && t.note === undefined && el.type !== 'subProcess' ? [[el.status, el.id] as const] : []
}))

/** What shows only when the process runs: joins that wait for ever, ways that stop, two statuses at once. */
export function lintBehaviour(lint: Lint): void {
  const seen = explore(lint.process)
  const once = new Set<string>()
  const first = (key: string): boolean => !once.has(key) && Boolean(once.add(key))
  for (const marking of seen.markings) {
    const [a, b] = [...states(lint, marking)]
    if (a && b && first([a[1], b[1]].sort().join())) {
      const el = lint.process.elements[b[1]]
      lint.found.error(el?.line ?? 1, 'process.twoStatuses', `${a[1]} ("${a[0]}") and ${b[1]} ("${b[0]}") can be active together and state different statuses`, 'give tasks that can be active together the same status, or only one of them')
    }
  }
  for (const marking of seen.dead) {
    const at = marking.tokens.map(t => t.at)
    const join = marking.tokens.find(t => t.note?.startsWith('by:'))?.at ?? at[0] ?? ''
    if (first(`dead ${join}`)) lint.found.error(lint.process.elements[join]?.line ?? 1, 'process.deadlock', `${join} can wait for ever: tokens stand at ${[...new Set(at)].join(', ')} and nothing can move them`, 'let every branch that was split come to the join, or join with an exclusive gateway')
  }
  for (const stuck of seen.stuck) lintStuck(lint, stuck, first)
}

function lintStuck(lint: Lint, stuck: Stuck, first: (key: string) => boolean): void {
  const el = lint.process.elements[stuck.element]
  if (!el || !first(`${stuck.code} ${el.id} ${stuck.outcome ?? ''}`)) return
  if (stuck.code === 'endlessLoop') lint.found.error(el.line, 'process.endlessLoop', `${title(el)} lies on a loop that can run without ever waiting`, 'put a task, an event or a condition that changes into the loop')
  if (stuck.code !== 'noFlow' || !stuck.outcome) return
  const conditions = (lint.process.index.outgoing[el.id] ?? []).map(f => lint.process.flows[f]?.condition ?? '')
  const told = lint.found.list.some(f => f.code === 'task.outcomeUnread' && f.line === lint.process.elements[stuck.task ?? '']?.line && f.message.includes(`"${stuck.outcome}"`))
  if (!told && conditions.every(asksOutcomeOnly)) lint.found.error(el.line, 'process.noFlow', `outcome "${stuck.outcome}" of ${stuck.task} finds no way on at ${title(el)}`, `draw a flow for it: outcome = "${stuck.outcome}"`)
}
