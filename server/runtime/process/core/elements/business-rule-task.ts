import { takeOutput } from './service-task.ts'
import { ask } from '../run.ts'
import type { ElementInfo } from '../types.ts'
import type { Enter } from './behaviour.ts'

/** The call that a rule task stands for: its inputs are the arguments, in their order. */
export const ruleCall = (el: ElementInfo): string => `rules.${el.rule ?? ''}(${el.inputs.map(i => i.expr).join(', ')})`

export const enterBusinessRuleTask: Enter = (run, token, el) => takeOutput(run, token, el, ask(run, token, ruleCall(el)) ?? null)
