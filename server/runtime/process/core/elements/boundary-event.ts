import type { ElementDoc } from './behaviour.ts'

/** Begins by firing, never by a flow: see fire.ts and raise.ts. */
export const doc: ElementDoc[] = [
  {
    tag: 'boundaryEvent', name: 'boundary event', names: '边界事件', events: ['message', 'timer', 'signal', 'conditional', 'error'],
    en: 'interrupts its host, or runs beside it (`cancelActivity="false"`; never for errors)', zh: '中断所附着的活动，或与之并行（`cancelActivity="false"`；错误事件总是中断）',
  },
  {
    tag: 'boundaryEvent', name: 'escalation boundary event', names: '升级边界事件', events: ['escalation'],
    en: 'on a sub-process or call activity: hears the escalation of its code, or any, thrown inside; interrupts, or runs beside', zh: '附着于子流程或调用活动：捕获其中抛出的该代码（未写代码则任意）的升级，中断或并行',
  },
  {
    tag: 'boundaryEvent', name: 'compensation boundary event', names: '补偿边界事件', events: ['compensate'], rests: false,
    en: 'joined by an association to the activity that undoes its host; see Compensation', zh: '以关联线连到撤销其所附着活动的处理活动；见“补偿”一节',
  },
]
