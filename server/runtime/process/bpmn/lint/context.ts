import type { CompiledProcess, ElementInfo, FlowInfo } from '../../core/types.ts'
import type { Findings } from '../finding.ts'

/** What lint may look up outside the process. What is absent is not checked. */
export interface LintContext {
  roles?: ReadonlySet<string>
  operations?: ReadonlySet<string>
  /** rule -> names of its arguments */
  rules?: Readonly<Record<string, readonly string[]>>
  /** states of the entity's `status` */
  states?: ReadonlySet<string>
  /** messages that actions, imports or other processes throw */
  thrown?: ReadonlySet<string>
  texts?: ReadonlySet<string>
  /** "<entity>/<name>" of input forms */
  forms?: ReadonlySet<string>
  entities?: ReadonlySet<string>
}
export interface Lint { process: CompiledProcess; context: LintContext; found: Findings; elements: ElementInfo[]; flows: FlowInfo[] }

export const title = (el: ElementInfo): string => (el.name && el.name !== el.id ? `${el.id} (${el.name})` : el.id)
export const outgoing = ({ process }: Lint, id: string): FlowInfo[] => (process.index.outgoing[id] ?? []).map(f => process.flows[f]).filter(f => f !== undefined)
/** Elements a token comes to from here, over flows or a link. */
export const nextOf = (process: CompiledProcess, id: string): string[] =>
  [...(process.index.outgoing[id] ?? []).map(f => process.flows[f]?.target), process.index.links[id]].filter(t => t !== undefined)
export const isWait = (el: ElementInfo): boolean => el.type === 'userTask' || el.type === 'receiveTask' || (el.type === 'intermediateCatchEvent' && el.event !== 'link') || el.type === 'eventBasedGateway'
