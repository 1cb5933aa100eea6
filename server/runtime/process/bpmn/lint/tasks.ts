import { nextOf, title, type Lint } from './context.ts'
import { outcomesNamed } from '../../core/outcome-test.ts'

export function lintTasks({ elements, found }: Lint): void {
  for (const el of elements) {
    if (el.type === 'userTask') {
      if (!el.role) found.error(el.line, 'task.role', `user task ${title(el)} names no role: nobody may act on it`, 'write certflow:role="<role> …"')
      if (el.outcomes.length === 0) found.error(el.line, 'task.outcomes', `user task ${title(el)} has no outcomes: nobody can complete it`, 'add <certflow:outcome id="…" label="…"/> to its extensionElements')
      const twice = el.outcomes.find((o, i) => el.outcomes.findIndex(x => x.id === o.id) !== i)
      if (twice) found.error(el.line, 'task.outcomes', `user task ${title(el)} has the outcome "${twice.id}" twice`, 'give each outcome an id of its own')
    }
    if (el.type === 'serviceTask' && !el.operation) found.error(el.line, 'task.operation', `service task ${title(el)} names no operation`, 'write certflow:operation="<family>/<verb>"')
    if (el.type === 'businessRuleTask' && !el.rule) found.error(el.line, 'task.rule', `business-rule task ${title(el)} names no rule`, 'write certflow:rule="<rule>"')
    if (el.type === 'businessRuleTask' && el.outputs.length === 0 && el.effects.length === 0) found.error(el.line, 'task.rule', `the result of business-rule task ${title(el)} goes nowhere`, 'map it with <certflow:output name="…">output</certflow:output>, or use it in certflow:set')
    if (el.type === 'sendTask' && (!el.to || !el.text || !el.channel)) found.error(el.line, 'task.send', `send task ${title(el)} lacks ${[['to', el.to], ['channel', el.channel], ['text', el.text]].filter(([, v]) => !v).map(([k]) => `certflow:${String(k)}`).join(', ')}`, 'say to whom, over which channels (portal sms email) and with which text')
    const waits = el.type === 'startEvent' && el.scope === undefined && el.event !== 'none'
    if (el.status && (el.type === 'boundaryEvent' || el.type === 'startEvent') && !waits)
      found.warn(el.line, 'task.status', `${title(el)} states a status, but no token rests on it`, 'write the status on the task, event or sub-process where the token rests')
    const button = [['role', el.role], ['org', el.org], ['label', el.label], ['form', el.form], ['due', el.due], ['comment', el.comment]].filter(([, v]) => v !== undefined).map(([k]) => `certflow:${String(k)}`)
    if (el.type === 'startEvent' && el.event === 'none' && button.length > 0)
      found.warn(el.line, 'task.button', `${title(el)} has ${button.join(', ')}, but a plain start has no button: who may create records is said in form.json`, 'remove them, or make it a message start')
  }
}

/** `output` is gone once the task is left; what later conditions read has to be a variable. */
export function lintOutputUse({ flows, found, process }: Lint): void {
  for (const f of flows) {
    const source = process.elements[f.source]
    if (f.condition && /\boutput\b/.test(f.condition) && source && !['serviceTask', 'businessRuleTask'].includes(source.type))
      found.error(f.line, 'process.output', `the condition of ${f.id} reads "output", which only the flows of the task itself see`, 'map it on the task: <certflow:output name="x">output.…</certflow:output>, and read x')
  }
}

/** Every outcome makes a difference, or there is only one. */
export function lintOutcomesRead({ process, elements, found }: Lint): void {
  for (const task of elements.filter(e => e.type === 'userTask' && e.outcomes.length > 1 && e.loop === undefined)) {
    const named = new Set<string>()
    let otherwise = false
    const seen = new Set<string>()
    const visit = (id: string): void => {
      if (seen.has(id)) return
      seen.add(id)
      const outs = (process.index.outgoing[id] ?? []).map(f => process.flows[f]).filter(f => f !== undefined)
      const asks = outs.some(f => f.condition !== undefined && outcomesNamed(f.condition).length > 0)
      for (const f of outs) {
        for (const o of outcomesNamed(f.condition ?? '')) named.add(o)
        if (asks && f.condition === undefined) otherwise = true
      }
      for (const next of nextOf(process, id)) if (process.elements[next]?.type !== 'userTask') visit(next)
    }
    visit(task.id)
    const unread = task.outcomes.filter(o => !named.has(o.id))
    if (unread.length === 0 || (otherwise && unread.length === 1)) continue
    found.error(task.line, 'task.outcomeUnread', `no flow reads the outcome${unread.length > 1 ? 's' : ''} ${unread.map(o => `"${o.id}"`).join(', ')} of ${title(task)}`, `draw a flow with the condition outcome = "${unread[0]?.id}"`)
  }
}
