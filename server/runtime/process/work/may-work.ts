import { isOneOf } from '#server/runtime/access/index.ts'
import type { Call } from '../../context.ts'
import type { ElementInfo } from '../core/index.ts'

/** Role of the wait state and, when the task is for one organisation, that organisation, or that person. null = not limited. */
export function mayWork(call: Call, element: ElementInfo, org: string | null, assignee: string | null = null): boolean {
  if (!element.role?.length) return false
  if (!isOneOf(call.programme, call.actor.role, element.role)) return false
  if (assignee !== null && assignee !== call.actor.userId) return false
  return org === null || org === call.actor.orgId
}
