import { ask, flowsOf, whyNot, type Run, type WorkToken } from './run.ts'
import type { ElementInfo, FlowInfo } from './types.ts'

export type Choice = { flows: FlowInfo[] } | { stuck: 'noFlow' | 'conditionNull'; message: string; person: string }

const holds = (run: Run, token: WorkToken, flow: FlowInfo): boolean | null => {
  const value = ask(run, token, flow.condition ?? 'true')
  return typeof value === 'boolean' ? value : null
}

/** Which flows a token takes on leaving `el`: BPMN's rules, and an incident where BPMN leaves the token nowhere to go. */
export function chooseFlows(run: Run, token: WorkToken, el: ElementInfo): Choice {
  const all = flowsOf(run, run.process.index.outgoing[el.id])
  if (el.type === 'parallelGateway' || all.every(f => f.condition === undefined && !f.isDefault)) return { flows: el.type === 'exclusiveGateway' ? all.slice(0, 1) : all }
  const fallback = all.find(f => f.isDefault)
  const taken: FlowInfo[] = []
  const unknown: FlowInfo[] = []
  let why = ''
  for (const flow of all) {
    if (flow === fallback) continue
    const value = flow.condition === undefined ? true : holds(run, token, flow)
    if (value === null) { unknown.push(flow); why ||= whyNot(run) }
    if (value !== true) continue
    taken.push(flow)
    if (el.type === 'exclusiveGateway') break
  }
  // At an inclusive gateway each condition decides about a branch of its own: one without an answer must not be dropped.
  if (el.type === 'inclusiveGateway' && unknown.length > 0) return refuse(el, all, unknown, why)
  if (taken.length > 0) return { flows: taken }
  if (fallback) return { flows: [fallback] }
  return refuse(el, all, unknown, why)
}

function refuse(el: ElementInfo, all: FlowInfo[], unknown: FlowInfo[], why: string): Choice {
  const where = `${el.id}${el.name ? ` (${el.name})` : ''}`
  const first = unknown[0]
  if (first) return {
    stuck: 'conditionNull',
    message: `${where}: condition of ${first.id} "${first.condition}" is null or not a boolean${why}, ${el.type === 'inclusiveGateway' ? 'so nobody knows whether its branch runs; fill in what it reads' : 'no other condition holds and there is no default flow; fill in what it reads or draw a default flow'}, then retry`,
    person: `“${el.name || el.id}”处的条件缺少数据，无法判断流转方向，请补全数据后重试`,
  }
  return {
    stuck: 'noFlow',
    message: `${where}: none of ${all.map(f => `${f.id} "${f.condition}"`).join(', ')} holds and there is no default flow; correct the record or draw a default flow, then retry`,
    person: `“${el.name || el.id}”处没有满足条件的流转方向，请更正数据后重试`,
  }
}
