import type { ElementInfo, FlowInfo } from '../core/types.ts'

/** A process as it stands in its file: flat, before look-ups are built and called processes are put in. */
export interface ProcessGraph {
  id: string
  name: string
  file: string
  elements: Record<string, ElementInfo>
  flows: Record<string, FlowInfo>
  drawn: string[]
  line: number
}
