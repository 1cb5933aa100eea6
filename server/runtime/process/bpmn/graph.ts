import type { ElementInfo, FlowInfo, MoveDef } from '../core/types.ts'

/** A process as it stands in its file: flat, before look-ups are built and called processes are put in. */
export interface ProcessGraph {
  id: string
  name: string
  file: string
  elements: Record<string, ElementInfo>
  flows: Record<string, FlowInfo>
  drawn: string[]
  moves?: MoveDef[]
  /** element or flow -> the texts written on and in it, with their lines */
  texts?: Record<string, { text: string; line: number }[]>
  line: number
}
