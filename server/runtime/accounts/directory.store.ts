import { decode, type Engine, type RawRow } from '#server/runtime/records/index.ts'
import type { Actor, Lang } from '../context.ts'

const USER = 'core/user'
const ORGANISATION = 'core/organisation'

/** Roles of a user in a programme that exist there, the first is the one in use. */
export async function actorOf(engine: Engine, programmeId: string, user: { id?: string; account?: string }, options: { lang?: Lang; mustChangePassword?: boolean; role?: string } = {}): Promise<Actor | null> {
  const programme = engine.registry.programme(programmeId)
  const def = engine.registry.entity(programmeId, USER)
  const row = user.id
    ? await engine.db.one<RawRow>(`SELECT * FROM ${def.table} WHERE id = ?`, [Number(user.id)])
    : await engine.db.one<RawRow>(`SELECT * FROM ${def.table} WHERE account = ?`, [user.account ?? ''])
  if (!row) return null
  const data = decode(def, row, engine.sealing)
  const roles = (Array.isArray(data['roles']) ? (data['roles'] as string[]) : []).filter((r) => programme.roles[r])
  const role = options.role && roles.includes(options.role) ? options.role : roles[0]
  if (!role) return null
  const orgId = row['org'] == null ? null : String(row['org'])
  const org = orgId ? await engine.db.one<{ name: string }>(`SELECT name FROM ${engine.registry.entity(programmeId, ORGANISATION).table} WHERE id = ?`, [Number(orgId)]) : undefined
  const lang = options.lang ?? 'zh'
  const title = programme.roles[role]!.title
  return {
    userId: String(row['id']), account: String(data['account']), name: String(data['name'] ?? data['account']), role, roleTitle: lang === 'en' ? (title.en ?? title.zh) : title.zh,
    portal: portalOf(programme.roles, role), orgId, orgName: org?.name ?? '', programme: programmeId, lang, mustChangePassword: options.mustChangePassword ?? false,
  }
}
function portalOf(roles: Record<string, { portal: string; extends?: string }>, role: string): string {
  let at = roles[role]
  for (let i = 0; at && i < 10; i++) { if (at.portal) return at.portal; at = at.extends ? roles[at.extends] : undefined }
  return 'platform'
}
