import type { Dict, Finding, RoleDef } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'
import { finding } from '../load/doc.ts'
import { suggest } from '../load/nearest.ts'

/** Roles with what they inherit: a role without its own portal, kind of organisation or condition has those of the one it extends. */
export const resolveRoles = (c: Cursor): { roles: Dict<RoleDef>; findings: Finding[] } => {
  const findings: Finding[] = []
  const written = new Map(c.entries())
  const roles: Dict<RoleDef> = {}
  const read = (id: string, path: string[]): RoleDef | undefined => {
    if (roles[id]) return roles[id]
    const r = written.get(id)
    if (!r) return undefined
    const base = r.at('extends').string()
    let inherited: RoleDef | undefined
    if (base !== undefined) {
      if (path.includes(base) || base === id) findings.push(finding(r.at('extends').ref, 'role-cycle', `role "${id}" extends itself`, 'break the circle of "extends"'))
      else inherited = read(base, [...path, id])
      if (!written.has(base)) findings.push(finding(r.at('extends').ref, 'role-unknown', `there is no role "${base}"`, suggest(base, written.keys())))
    }
    const role = compact<RoleDef>({
      id, title: r.at('title').text() ?? { zh: id }, portal: r.at('portal').string() ?? inherited?.portal ?? id, orgKind: r.at('orgKind').string() ?? inherited?.orgKind ?? '',
      extends: base, where: r.at('where').feel(), secondFactor: r.at('secondFactor').boolean() ?? inherited?.secondFactor ?? false, incidents: r.at('incidents').boolean() ?? inherited?.incidents ?? false, assignable: r.at('assignable').names() ?? inherited?.assignable ?? [],
    })
    return role
  }
  for (const id of written.keys()) {
    const role = read(id, [])
    if (role) roles[id] = role
  }
  return { roles, findings }
}
