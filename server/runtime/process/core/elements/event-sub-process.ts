import type { ElementDoc } from './behaviour.ts'

/** Begins by firing, never by a flow: see fire.ts and raise.ts. */
export const doc: ElementDoc[] = [{
  tag: 'eventStart', name: 'event sub-process', names: '事件子流程', events: ['message', 'timer', 'signal', 'conditional', 'escalation', 'error'],
  en: 'begins by the event of its start; ends what runs in its scope unless `isInterrupting="false"`; hears escalations and errors of its own scope, not its own; an error always ends what runs in the scope', zh: '由其开始事件触发；除非 `isInterrupting="false"`，否则结束所在范围内的一切；捕获本范围的升级与错误，不含自己抛出的；错误总是结束所在范围内的一切',
}]
