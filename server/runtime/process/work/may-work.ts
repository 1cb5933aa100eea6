import { isOneOf } from '#server/runtime/access/index.ts'
import type { Call } from '../../context.ts'
import type { ElementInfo } from '../core/index.ts'

/** Role of the wait state and, when the task is for one organisation, that organisation. `org` null = not limited. */
export function mayWork(call: Call, element: ElementInfo, org: string | null): boolean {
  if (!element.role?.length) return false
  if (!isOneOf(call.programme, call.actor.role, element.role)) return false
  return org === null || org === call.actor.orgId
}
