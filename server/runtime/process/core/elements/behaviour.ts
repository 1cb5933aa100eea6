import type { Run, WorkToken } from '../run.ts'
import type { ElementInfo, EventKind } from '../types.ts'

/** What an element does with a token that arrives. */
export type Enter = (run: Run, token: WorkToken, el: ElementInfo) => void

/** A row of the table of elements in docs/definition-language/workflows.md, which is made from these. */
export interface ElementDoc {
  /** BPMN tag; `eventStart` = the start event of an event sub-process */
  tag: string
  name: string
  names: string
  /** the event definitions the row tells of; several rows may share a tag */
  events?: EventKind[]
  /** false = no token ever rests there, whatever attributes the tag may have */
  rests?: false
  en: string
  zh: string
}
