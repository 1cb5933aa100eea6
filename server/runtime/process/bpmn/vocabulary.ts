/** What Certflow reads of BPMN and of its own namespace. Everything else in a file is a finding. */
export const BPMN_URI = 'http://www.omg.org/spec/BPMN/20100524/MODEL'
export const CERTFLOW_URI = 'https://certflow.dev/bpmn/1'

const words = (text: string): string[] => text.split(' ')
/** what a wait may say about who acts and what it looks like meanwhile */
export const WAIT = words('role org label style form status edit delete due comment confirm bulk')

/** certflow attributes per BPMN element */
export const ATTRIBUTES: Record<string, string[]> = {
  userTask: [...WAIT, 'draft', 'assignee', 'notBy'],
  multiInstanceLoopCharacteristics: words('each distinct'),
  receiveTask: WAIT,
  intermediateCatchEvent: WAIT,
  boundaryEvent: WAIT,
  startEvent: WAIT,
  eventBasedGateway: words('status edit delete'),
  serviceTask: words('operation status edit delete'),
  subProcess: words('status'),
  sendTask: words('to channel text'),
  businessRuleTask: words('rule'),
  endEvent: words('status to'),
  intermediateThrowEvent: words('to'),
}
const EFFECTS = words('set make')
/** certflow elements in the extensionElements of a BPMN element; those not named take effects only */
export const EXTENSIONS: Record<string, string[]> = {
  process: ['move'],
  userTask: ['outcome', 'move', ...EFFECTS],
  serviceTask: ['input', 'output', ...EFFECTS],
  businessRuleTask: ['input', 'output', ...EFFECTS],
}
export const DEFAULT_EXTENSIONS = EFFECTS

export interface Shape { attributes: string[]; required: string[]; children: string[]; body?: boolean }
/** certflow elements themselves */
export const SHAPES: Record<string, Shape> = {
  outcome: { attributes: words('id label style comment signature form when bulk confirm role'), required: words('id label'), children: [] },
  move: { attributes: words('do id label comment role when confirm to people then'), required: ['do'], children: [] },
  input: { attributes: ['name'], required: ['name'], children: [], body: true },
  output: { attributes: ['name'], required: ['name'], children: [], body: true },
  value: { attributes: ['name'], required: ['name'], children: [], body: true },
  unless: { attributes: words('id if reason'), required: words('if reason'), children: [] },
  set: { attributes: words('id entity where rows key draw order'), required: [], children: ['value'] },
  make: { attributes: words('id into from key groupBy link onExisting'), required: ['into'], children: words('value unless') },
}
export const VALUES: Record<string, string[]> = {
  do: words('claim delegate sign-before sign-after return withdraw jump suspend'), then: words('back on'),
  comment: words('none optional required'), signature: ['drawn'], onExisting: words('skip update reject'),
  distinct: words('true false'), style: words('primary default danger'), draft: words('true false'), delete: words('true false'),
}

export const NODES = new Set(words('startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent userTask serviceTask sendTask receiveTask businessRuleTask manualTask task exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway subProcess callActivity'))
/** drawn for readers, without effect on the run */
export const DRAWN = new Set(words('documentation laneSet lane childLaneSet flowNodeRef collaboration participant messageFlow textAnnotation text association group category categoryValue'))
export const STRUCTURE = new Set(words('definitions process message signal error escalation sequenceFlow incoming outgoing extensionElements conditionExpression messageEventDefinition timerEventDefinition signalEventDefinition conditionalEventDefinition errorEventDefinition escalationEventDefinition linkEventDefinition terminateEventDefinition timeDate timeDuration timeCycle condition multiInstanceLoopCharacteristics loopCardinality completionCondition standardLoopCharacteristics loopCondition compensateEventDefinition'))

/** why not, and what to draw instead */
export const INSTEAD: Record<string, string> = {
  complexGateway: 'draw exclusive, parallel and inclusive gateways',
  scriptTask: 'write certflow:set or certflow:make effects, or call an operation from a service task',
  transaction: 'use a plain sub-process with error boundary events',
  adHocSubProcess: 'use a user task with several outcomes',
  loopDataInputRef: 'write certflow:each with a FEEL list', inputDataItem: 'write certflow:each; the item is called each',
  potentialOwner: 'write certflow:role and certflow:org', humanPerformer: 'write certflow:role and certflow:org', performer: 'write certflow:role and certflow:org',
}

/** BPMN attributes that are read, or that may only have the one value that changes nothing. */
export const BPMN_ATTRIBUTES: Record<string, string[]> = {
  definitions: words('id name targetNamespace exporter exporterVersion expressionLanguage typeLanguage'),
  process: words('id name isExecutable processType isClosed'),
  message: words('id name'), signal: words('id name'), error: words('id name errorCode'), escalation: words('id name escalationCode'),
  sequenceFlow: words('id name sourceRef targetRef'),
  startEvent: words('id name isInterrupting'),
  boundaryEvent: words('id name attachedToRef cancelActivity'),
  receiveTask: words('id name default messageRef'),
  subProcess: words('id name default triggeredByEvent isForCompensation'),
  callActivity: words('id name default calledElement isForCompensation'),
  parallelGateway: words('id name gatewayDirection'), exclusiveGateway: words('id name default gatewayDirection'), inclusiveGateway: words('id name default gatewayDirection'), eventBasedGateway: words('id name gatewayDirection'),
  messageEventDefinition: words('id messageRef'), signalEventDefinition: words('id signalRef'), errorEventDefinition: words('id errorRef'), escalationEventDefinition: words('id escalationRef'), linkEventDefinition: words('id name'),
  userTask: words('id name default isForCompensation'), serviceTask: words('id name default isForCompensation'), sendTask: words('id name default isForCompensation'), businessRuleTask: words('id name default isForCompensation'),
  compensateEventDefinition: words('id activityRef'),
  multiInstanceLoopCharacteristics: words('id isSequential'), standardLoopCharacteristics: words('id testBefore loopMaximum'),
  loopCardinality: words('id language'), completionCondition: words('id language'), loopCondition: words('id language'),
  conditionExpression: words('id language'), condition: words('id language'), timeDate: words('id language'), timeDuration: words('id language'), timeCycle: words('id language'),
}
export const TASK_ATTRIBUTES = words('id name default')
export const NEUTRAL: Record<string, string> = {
  isForCompensation: 'false', startQuantity: '1', completionQuantity: '1', instantiate: 'false', eventGatewayType: 'Exclusive', parallelMultiple: 'false', isImmediate: 'true', waitForCompletion: 'true',
}

/** event definitions per element; "none" = without one */
export const EVENTS: Record<string, string[]> = {
  startEvent: words('none message timer signal conditional'),
  eventStart: words('message timer signal conditional escalation error'),
  endEvent: words('none message signal error escalation terminate compensate'),
  intermediateCatchEvent: words('message timer signal conditional link'),
  intermediateThrowEvent: words('none message signal escalation link compensate'),
  boundaryEvent: words('message timer signal conditional error escalation compensate'),
}
