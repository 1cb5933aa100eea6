import { takeOutput } from './service-task.ts'
import { ask } from '../run.ts'
import type { ElementInfo } from '../types.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{ tag: 'businessRuleTask', name: 'business-rule task', names: '业务规则任务', en: 'asks `rule`; its inputs are the arguments, in order', zh: '按顺序以输入为参数调用规则 `rule`' }]

/** The call that a rule task stands for: its inputs are the arguments, in their order. */
export const ruleCall = (el: ElementInfo): string => `rules.${el.rule ?? ''}(${el.inputs.map(i => i.expr).join(', ')})`

export const enterBusinessRuleTask: Enter = (run, token, el) => takeOutput(run, token, el, ask(run, token, ruleCall(el)) ?? null)
