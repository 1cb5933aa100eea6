import type { CompiledProcess, StepRefusal } from './types.ts'

/** The refusals of `step`: what was asked of which process, and what to do. */
export const refusals = {
  ended: (p: CompiledProcess): StepRefusal => ({
    refused: 'ended', message: `process ${p.id}: the instance has ended, it takes no more events`, person: '流程已结束，不能再办理',
  }),
  unknownToken: (p: CompiledProcess, token: number, wanted: string): StepRefusal => ({
    refused: 'unknownToken', message: `process ${p.id}: no token ${token} that ${wanted}; reload the instance, it has moved on`, person: '该事项已被处理，请刷新页面',
  }),
  unknownOutcome: (p: CompiledProcess, element: string, outcome: string, known: string[]): StepRefusal => ({
    refused: 'unknownOutcome', message: `process ${p.id}: task ${element} has no outcome "${outcome}"; it has ${known.join(', ') || 'none'}`, person: '当前步骤没有该操作，请刷新页面',
  }),
  notAvailable: (p: CompiledProcess, element: string, outcome: string, when: string): StepRefusal => ({
    refused: 'notAvailable', message: `process ${p.id}: outcome "${outcome}" of ${element} does not exist for this person: "${when}" does not hold`, person: '您当前不能进行该操作',
  }),
  noWay: (p: CompiledProcess, to: string, why: string, person: string): StepRefusal => ({
    refused: 'noWay', message: `process ${p.id}: no token goes to ${to} from here: ${why}`, person,
  }),
  noCatcher: (p: CompiledProcess, what: string): StepRefusal => ({
    refused: 'noCatcher', message: `process ${p.id}: nothing waits for ${what} now`, person: '当前步骤不接受该操作，请刷新页面',
  }),
}
