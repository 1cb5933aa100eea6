/**
 * The process core's contract. step(process, state, event, evaluate) -> { state, effects }:
 * no I/O, no clock, no randomness. Facts are evaluated by the caller's `evaluate`, which is pure over what was loaded.
 */
export interface Token { id: number; at: string; /** scope instance (sub-process) the token lives in */ scope: number; /** set while the token waits for an effect or a join flow it arrived by */ note?: string | undefined; /** one run of a repeated activity: its place in the collection, from 0; its scope is the token that holds the loop */ nth?: number | undefined }
export interface ScopeState { id: number; parent: number; element: string; /** attachment for event sub-processes */ done?: boolean }
/**
 * Without tokens and not ended: the instance has not begun, it waits for one of the start events of its process.
 * Tokens only; interned by the store and shared by all instances that stand alike.
 * A token's id follows from where it stands (ordinal of its element, plus a multiple when several stand there), so it
 * is the same whatever the history. Token 0 is the instance itself (event sub-processes of the process).
 * A scope's id is the id of the token that rests on its sub-process.
 */
export interface Marking {
  tokens: Token[]
  scopes: ScopeState[]
  next: number
  ended?: boolean
  /** non-interrupting one-shot timers and conditions that have fired and do not fire again by themselves */
  fired?: { token: number; element: string }[]
}
export interface State { marking: Marking; variables: Record<string, unknown> }

export type CoreEvent =
  | { kind: 'start'; element?: string; message?: string; input?: Record<string, unknown> }
  /** `by` = who takes it, kept for activities that several people complete */
  /** `raw` = the input as JSON, kept while others sign the outcome; `held` = that input again, typed, with a signature that may be the last */
  | { kind: 'outcome'; token: number; outcome: string; input?: Record<string, unknown>; by?: unknown; raw?: unknown; held?: Record<string, unknown> }
  | { kind: 'message'; name: string; token?: number; input?: Record<string, unknown> }
  | { kind: 'signal'; name: string; input?: Record<string, unknown> }
  | { kind: 'timer'; token: number; element: string }
  | { kind: 'operationResult'; token: number; output?: Record<string, unknown>; error?: { code: string; message: string } }
  /** the `apply` the token waits for is done; `names` = the names of that effect, given back; `result` is seen as `made` */
  | { kind: 'effectDone'; token: number; result?: Record<string, unknown>; names?: Record<string, unknown> }
  /** the incident's cause is mended: evaluate, call or apply again */
  | { kind: 'retry'; token: number }
  /** a token is put at another element: `token` = whose, absent = all that cannot stand beside it. Who may is the caller's business */
  | { kind: 'move'; to: string; token?: number; /** whose the task there is */ who?: unknown }
  /** further people sign a task */
  | { kind: 'addSigners'; token: number; how: 'before' | 'after'; who: unknown[] }
  /** something the record's conditional events read has changed */
  | { kind: 'changed' }

export type Effect =
  /** `who`: the person whose it is, whatever the definition says */
  | { kind: 'createTask'; token: number; element: string; who?: unknown }
  | { kind: 'cancelTask'; token: number; element: string }
  | { kind: 'completeTask'; token: number; element: string; outcome: string }
  | { kind: 'status'; value: string }
  /** `expr` = FEEL of timeDate/timeDuration/timeCycle, evaluated by the store so that it can be re-armed when what it read changes */
  | { kind: 'armTimer'; token: number; element: string; timer: 'date' | 'duration' | 'cycle'; expr: string }
  | { kind: 'cancelTimer'; token: number; element: string }
  | { kind: 'callOperation'; token: number; element: string; operation: string }
  | { kind: 'throwMessage'; name: string; element: string }
  | { kind: 'throwSignal'; name: string; element: string }
  /** `names`: what FEEL sees of the loop it stands in */
  | { kind: 'send'; element: string; names?: Record<string, unknown> }
  /** a loop is over before all of its runs: `cancelled` of `total` were taken back or never began */
  | { kind: 'loopCut'; element: string; completed: number; cancelled: number }
  /** an escalation that nobody catches: the token goes on, the history keeps it */
  | { kind: 'uncaughtEscalation'; element: string; code: string }
  /**
   * extensionElements set/make/draw of an element or flow, in document order. wait: the token rests until `effectDone`
   * (the set reaches beyond the own record, or what follows reads facts); else token is 0 and the step has gone on.
   * `names`: what FEEL sees besides the record (variables, outcome, input, output).
   */
  | { kind: 'apply'; element: string; token: number; wait: boolean; names: Record<string, unknown> }
  /** the token was interrupted: a late operationResult or effectDone is void */
  | { kind: 'abandon'; token: number; element: string; what: 'operation' | 'effect' }
  /** `message` for the log, `person` (Chinese) for the screen; the token stays until `retry` */
  | { kind: 'incident'; token: number; element: string; code: string; message: string; person: string }
  /** the token with an incident was taken away: there is nothing to mend any more */
  | { kind: 'dropIncident'; token: number; element: string }
  /** the instance is over; element = where its last token ended */
  | { kind: 'end'; element: string; how: 'none' | 'terminate' | 'error' | 'message' | 'signal' | 'escalation' }

export interface StepResult {
  state: State
  effects: Effect[]
  /**
   * Tokens that still wait where they waited but are numbered anew (only when several wait at one element). Rows of
   * tasks, timers and operations follow, all at once: after complete, cancel and abandon (old ids), before create, arm and call (new ids).
   */
  renumbered?: { from: number; to: number }[]
}
/** `message` for the log, `person` (Chinese) for the screen */
export interface StepRefusal { refused: 'unknownToken' | 'unknownOutcome' | 'notAvailable' | 'noCatcher' | 'noWay' | 'ended'; message: string; person: string }

/** What a person may do now: tasks' outcomes and messages that a wait state catches. */
export interface Wait {
  token: number
  element: string
  kind: 'task' | 'message' | 'timer' | 'signal' | 'conditional' | 'operation' | 'effect'
  name: string
}

export interface OutcomeDef { id: string; label: string; style?: string; comment: 'none' | 'optional' | 'required'; signature?: 'drawn'; form?: string; when?: string; bulk?: string; confirm?: string; /** roles narrower than the task's */ role?: string[] }
/** What people may do with a task or an instance besides taking outcomes; nothing of it is offered unless written. */
export interface MoveDef {
  do: 'claim' | 'delegate' | 'sign-before' | 'sign-after' | 'return' | 'withdraw' | 'jump' | 'suspend'
  id: string
  label?: string
  comment: 'none' | 'optional' | 'required'
  /** of a task: narrower than its roles; of the process (jump, suspend): who may at all */
  role?: string[]
  when?: string
  confirm?: string
  /** return and jump: elements, `*` = all earlier ones (jump: all), `initiator` = the first task of the record's process */
  to?: string[]
  /** delegate and sign: roles of those who may be asked; absent = the task's */
  people?: string[]
  /** delegate: `back` = the delegate gives it back for the outcome, `on` = the delegate takes the outcome */
  then?: 'back' | 'on'
  line: number
}
export interface ValueDef { name: string; expr: string }
export interface EffectDef {
  kind: 'set' | 'make'
  id: string
  entity?: string; where?: string; rows?: string; key?: string; draw?: string; order?: string
  into?: string; from?: string; groupBy?: string; link?: string; onExisting?: string
  values: ValueDef[]
  unless: { id: string; if: string; reason: string }[]
}
export type ElementType =
  | 'startEvent' | 'endEvent' | 'intermediateCatchEvent' | 'intermediateThrowEvent' | 'boundaryEvent'
  | 'userTask' | 'serviceTask' | 'sendTask' | 'receiveTask' | 'businessRuleTask' | 'manualTask' | 'task'
  | 'exclusiveGateway' | 'parallelGateway' | 'inclusiveGateway' | 'eventBasedGateway'
  | 'subProcess' | 'eventSubProcess' | 'callActivity'
export type EventKind = 'none' | 'message' | 'timer' | 'signal' | 'conditional' | 'error' | 'terminate' | 'link' | 'escalation' | 'compensate'
/** what the certflow namespace adds to one element */
export interface ElementInfo {
  /** where it is written, for an element of a called process */
  origin?: { file: string; line: number }
  id: string; name: string; type: ElementType
  /** of events only */
  event?: EventKind
  /** error events: the code thrown or caught; absent on a boundary = catches every error */
  errorCode?: string
  /** escalation events: the code thrown or caught; absent on a catch = catches every escalation */
  escalationCode?: string
  /** link events: the name that pairs throws with their catch */
  link?: string
  role?: string[]; org?: string; label?: string; style?: string; form?: string; status?: string; edit?: string[]; delete?: boolean; due?: string; draft?: boolean
  comment?: 'none' | 'optional' | 'required'; confirm?: string; bulk?: string
  outcomes: OutcomeDef[]
  operation?: string; rule?: string; inputs: ValueDef[]; outputs: ValueDef[]
  to?: string; channel?: string[]; text?: string
  message?: string; signal?: string; timer?: { kind: 'date' | 'duration' | 'cycle'; expr: string }; condition?: string; calledElement?: string
  effects: EffectDef[]
  /** what else people may do with the task */
  moves?: MoveDef[]
  /** tasks whose completer may not take this one; `initiator` = who made the record */
  notBy?: string[]
  /** FEEL: the one person who may act */
  assignee?: string
  loop?: LoopDef
  /** compensation boundary: what undoes its host; such an activity; the one activity that a throw or end event compensates */
  handler?: string; forCompensation?: boolean; activityRef?: string
  /** boundary: host element and whether it interrupts */
  attachedTo?: string; interrupting?: boolean
  scope?: string
  line: number
}
/** An activity that runs several times. `each` (FEEL list) or `count` (FEEL number) say how often, a standard loop asks `while`. */
export interface LoopDef {
  how: 'parallel' | 'sequential' | 'standard'
  each?: string
  count?: string
  /** FEEL: true = enough runs are over, the rest is cancelled */
  until?: string
  /** nobody may complete two runs */
  distinct?: boolean
  /** FEEL: true = once more */
  while?: string
  testBefore?: boolean
  most?: number
  line: number
}
export interface ExpressionUse { element: string; use: string; text: string; line: number }
/** Look-ups of the flat graph; "" stands for the process itself. */
export interface ProcessIndex {
  outgoing: Record<string, string[]>
  incoming: Record<string, string[]>
  /** host -> boundary events */
  boundaries: Record<string, string[]>
  /** scope -> start events that begin it */
  starts: Record<string, string[]>
  /** scope -> start events of its event sub-processes */
  eventStarts: Record<string, string[]>
  /** 1, 2, 3 … in document order: the base of token ids */
  ordinal: Record<string, number>
  size: number
  /** activity -> its compensation handler */
  undo: Record<string, string>
  /** throwing link event -> the catching one of its scope */
  links: Record<string, string>
  /** inclusive join -> incoming flow -> elements from which a token can come over that flow without passing the join */
  joins: Record<string, Record<string, string[]>>
  /** elements where, or right after which, the core asks `evaluate` before any wait */
  asks: Record<string, boolean>
}
export interface FlowInfo { id: string; source: string; target: string; condition?: string; isDefault: boolean; effects: EffectDef[]; line: number; origin?: { file: string; line: number } }

/** Compiled, immutable, built once per version; a flat graph with index look-ups. */
export interface CompiledProcess {
  id: string
  name: string
  elements: Record<string, ElementInfo>
  flows: Record<string, FlowInfo>
  /** every FEEL text and where it stands: what lint resolves and the store loads facts for */
  expressions: ExpressionUse[]
  index: ProcessIndex
  file: string
  /** what administrators may do with an instance */
  moves?: MoveDef[]
  /** ids that have a shape or an edge in the diagram */
  drawn: string[]
}

/** FEEL text -> value for the record at hand; provided by the store over loaded facts, by tests over plain objects. */
export type Evaluate = (expr: string, extra?: Record<string, unknown>, /** records stay `{ $: 'row', … }` instead of their ids */ keep?: 'rows') => unknown
