import { ruleCall } from '../core/elements/business-rule-task.ts'
import type { EffectDef, ElementInfo, ExpressionUse, FlowInfo } from '../core/types.ts'
import type { ProcessGraph } from './graph.ts'

type Text = readonly [use: string, text: string | undefined]

/** Splits at commas outside brackets and strings. */
export function splitList(text: string): string[] {
  const parts: string[] = []
  let [depth, quoted, from] = [0, false, 0]
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? ''
    if (c === '"' && text[i - 1] !== '\\') quoted = !quoted
    if (quoted) continue
    if ('([{'.includes(c)) depth++
    if (')]}'.includes(c)) depth--
    if (c === ',' && depth === 0) { parts.push(text.slice(from, i).trim()); from = i + 1 }
  }
  return [...parts, text.slice(from).trim()].filter(Boolean)
}

const effectTexts = (effect: EffectDef): Text[] => [
  ['where', effect.where], ['rows', effect.rows], ['from', effect.from],
  ...splitList(effect.order ?? '').map(t => ['order', t] as const),
  ...effect.values.map(v => ['value', v.expr] as const),
  ...effect.unless.map(u => ['unless', u.if] as const),
]

const elementTexts = (el: ElementInfo): Text[] => [
  ['org', el.org], ['assignee', el.assignee], ['due', el.due], ['each', el.loop?.each], ['count', el.loop?.count], ['condition', el.loop?.until], ['condition', el.loop?.while], ['to', el.to], ['timer', el.timer?.expr], ['condition', el.condition],
  ...el.outcomes.map(o => ['when', o.when] as const),
  ...(el.moves ?? []).map(m => ['when', m.when] as const),
  ...el.inputs.map(i => ['input', i.expr] as const),
  ...(el.type === 'businessRuleTask' ? [['rule', ruleCall(el)] as const] : []),
  ...el.outputs.map(o => ['output', o.expr] as const),
  ...el.effects.flatMap(effectTexts),
]

const flowTexts = (flow: FlowInfo): Text[] => [['condition', flow.condition], ...flow.effects.flatMap(effectTexts)]

/** Line of a text among those written; each is used once, lists (`order`) for each of their parts. */
function takeLine(written: { text: string; line: number }[], text: string): number | undefined {
  const exact = written.findIndex(w => w.text === text)
  if (exact >= 0) return written.splice(exact, 1)[0]?.line
  return written.find(w => w.text.includes(text) || text.includes(`"${w.text}"`))?.line
}

/** Every FEEL text of the process itself (called processes list their own), with the element or flow it stands on. */
export function expressionsOf(graph: Pick<ProcessGraph, 'elements' | 'flows' | 'texts'>): ExpressionUse[] {
  const uses = (owner: { id: string; line: number }, texts: Text[]): ExpressionUse[] => {
    const written = [...(graph.texts?.[owner.id] ?? [])]
    return texts.flatMap(([use, text]) => (text === undefined || text === '' ? [] : [{ element: owner.id, use, text, line: takeLine(written, text) ?? owner.line }]))
  }
  return [...Object.values(graph.elements).flatMap(el => uses(el, elementTexts(el))), ...Object.values(graph.flows).flatMap(f => uses(f, flowTexts(f)))]
}
