import { enterBusinessRuleTask } from './business-rule-task.ts'
import { enterEndEvent } from './end-event.ts'
import { enterEventBasedGateway } from './event-based-gateway.ts'
import { enterInclusiveGateway } from './inclusive-gateway.ts'
import { enterCatchEvent } from './intermediate-catch-event.ts'
import { enterThrowEvent } from './intermediate-throw-event.ts'
import { enterParallelGateway } from './parallel-gateway.ts'
import { passThrough } from './pass-through.ts'
import { enterSendTask } from './send-task.ts'
import { enterServiceTask } from './service-task.ts'
import { enterStartEvent } from './start-event.ts'
import { enterSubProcess } from './sub-process.ts'
import { enterUserTask } from './user-task.ts'
import type { ElementType } from '../types.ts'
import type { Enter } from './behaviour.ts'

/** Elements a token can arrive at; boundary events and event sub-processes begin by firing, call activities are inlined. */
export const behaviours: Partial<Record<ElementType, Enter>> = {
  startEvent: enterStartEvent,
  endEvent: enterEndEvent,
  intermediateCatchEvent: enterCatchEvent,
  receiveTask: enterCatchEvent,
  intermediateThrowEvent: enterThrowEvent,
  userTask: enterUserTask,
  serviceTask: enterServiceTask,
  sendTask: enterSendTask,
  businessRuleTask: enterBusinessRuleTask,
  manualTask: passThrough,
  task: passThrough,
  exclusiveGateway: passThrough,
  parallelGateway: enterParallelGateway,
  inclusiveGateway: enterInclusiveGateway,
  eventBasedGateway: enterEventBasedGateway,
  subProcess: enterSubProcess,
}
