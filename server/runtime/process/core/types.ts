/**
 * The process core's contract. step(process, state, event, facts, now) -> { state, effects }:
 * no I/O, no clock, no randomness. Facts are evaluated by the caller's `evaluate`, which is pure over what was loaded.
 */
export interface Token { id: number; at: string; /** scope instance (sub-process) the token lives in */ scope: number; /** set while the token waits for an effect or a join flow it arrived by */ note?: string }
export interface ScopeState { id: number; parent: number; element: string; /** attachment for event sub-processes */ done?: boolean }
/** Tokens only; interned by the store and shared by all instances that stand alike. Token ids are ordinals. */
export interface Marking { tokens: Token[]; scopes: ScopeState[]; next: number; ended?: boolean }
export interface State { marking: Marking; variables: Record<string, unknown> }

export type CoreEvent =
  | { kind: 'start'; element?: string; message?: string; input?: Record<string, unknown> }
  | { kind: 'outcome'; token: number; outcome: string; input?: Record<string, unknown> }
  | { kind: 'message'; name: string; token?: number; input?: Record<string, unknown> }
  | { kind: 'signal'; name: string; input?: Record<string, unknown> }
  | { kind: 'timer'; token: number; element: string }
  | { kind: 'operationResult'; token: number; output?: Record<string, unknown>; error?: { code: string; message: string } }
  | { kind: 'effectDone'; token: number; result?: Record<string, unknown> }
  /** something the record's conditional events read has changed */
  | { kind: 'changed' }

export type Effect =
  | { kind: 'createTask'; token: number; element: string }
  | { kind: 'cancelTask'; token: number; element: string }
  | { kind: 'completeTask'; token: number; element: string; outcome: string }
  | { kind: 'status'; value: string }
  /** `expr` = FEEL of timeDate/timeDuration/timeCycle, evaluated by the store so that it can be re-armed when what it read changes */
  | { kind: 'armTimer'; token: number; element: string; timer: 'date' | 'duration' | 'cycle'; expr: string }
  | { kind: 'cancelTimer'; token: number; element: string }
  | { kind: 'callOperation'; token: number; element: string; operation: string }
  | { kind: 'throwMessage'; name: string; element: string }
  | { kind: 'throwSignal'; name: string; element: string }
  | { kind: 'send'; element: string }
  /** extensionElements set/make/draw of an element or flow, in document order */
  | { kind: 'apply'; element: string; token: number; wait: boolean }
  | { kind: 'incident'; token: number; element: string; code: string; message: string }
  | { kind: 'end'; element: string; how: 'none' | 'terminate' | 'error' | 'message' }

export interface StepResult { state: State; effects: Effect[] }
export interface StepRefusal { refused: 'unknownToken' | 'unknownOutcome' | 'notAvailable' | 'noCatcher' | 'ended'; message: string }

/** What a person may do now: tasks' outcomes and messages that a wait state catches. */
export interface Wait {
  token: number
  element: string
  kind: 'task' | 'message' | 'timer' | 'signal' | 'conditional' | 'operation' | 'effect'
  name: string
}

export interface OutcomeDef { id: string; label: string; style?: string; comment: 'none' | 'optional' | 'required'; signature?: 'drawn'; form?: string; when?: string; bulk?: string; confirm?: string; /** roles narrower than the task's */ role?: string[] }
export interface ValueDef { name: string; expr: string }
export interface EffectDef {
  kind: 'set' | 'make'
  id: string
  entity?: string; where?: string; rows?: string; key?: string; draw?: string; order?: string
  into?: string; from?: string; groupBy?: string; link?: string; onExisting?: string
  values: ValueDef[]
  unless: { id: string; if: string; reason: string }[]
}
/** what the certflow namespace adds to one element */
export interface ElementInfo {
  id: string; name: string; type: string
  role?: string[]; org?: string; label?: string; style?: string; form?: string; status?: string; edit?: string[]; delete?: boolean; due?: string; draft?: boolean
  comment?: 'none' | 'optional' | 'required'; confirm?: string; bulk?: string
  outcomes: OutcomeDef[]
  operation?: string; rule?: string; inputs: ValueDef[]; outputs: ValueDef[]
  to?: string; channel?: string[]; text?: string
  message?: string; signal?: string; timer?: { kind: 'date' | 'duration' | 'cycle'; expr: string }; condition?: string; calledElement?: string
  effects: EffectDef[]
  /** boundary: host element and whether it interrupts */
  attachedTo?: string; interrupting?: boolean
  scope?: string
  line: number
}
export interface FlowInfo { id: string; source: string; target: string; condition?: string; isDefault: boolean; effects: EffectDef[]; line: number }

/** Compiled, immutable, built once per version; a flat graph with index look-ups. */
export interface CompiledProcess {
  id: string
  name: string
  elements: Record<string, ElementInfo>
  flows: Record<string, FlowInfo>
  /** every FEEL text and where it stands: what lint resolves and the store loads facts for */
  expressions: { element: string; use: string; text: string; line: number }[]
}

/** FEEL text -> value for the record at hand; provided by the store over loaded facts, by tests over plain objects. */
export type Evaluate = (expr: string, extra?: Record<string, unknown>) => unknown
