import type { Call, Problem } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { getIncident, type Incident } from '../store/incidents.store.ts'
import { loadInstances, type Instance } from '../store/instances.store.ts'

export interface IncidentRefusal { ok: false; problems: Problem[] }
export const refused = (code: string, message: string): IncidentRefusal => ({ ok: false, problems: [{ code, message }] })

/** An incident of the caller's programme that nobody has settled, and the instance it stopped; that one is locked where the database can. */
export async function openIncidentOf({ engine, catalogue }: ProcessRuntime, call: Call, id: string): Promise<IncidentRefusal | { ok: true; incident: Incident; instance: Instance | undefined }> {
  const incident = await getIncident(engine, id)
  if (!incident || incident.programme !== call.programme.id) return refused('NOT_FOUND', '异常记录不存在')
  if (incident.resolved !== null) return refused('CONFLICT', '已被他人处理')
  const [instance] = await loadInstances(engine, catalogue, { ids: [incident.instance] })
  return { ok: true, incident, instance }
}
