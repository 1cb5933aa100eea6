import type { Definitions, Finding } from '../model.ts'
import { entitiesOf } from '../entities.ts'
import { checkForm } from './check-form.ts'
import { checkImports } from './check-imports.ts'
import { checkKeywords } from './check-keywords.ts'
import { checkManifest } from './check-manifest.ts'
import { checkProcesses } from './check-processes.ts'
import { checkProperties } from './check-properties.ts'
import { checkRoles } from './check-access.ts'
import { checkSeeds } from './check-seeds.ts'
import { checkTables } from './check-tables.ts'
import { checkTemplates } from './check-templates.ts'
import { checkMessages } from './check-texts.ts'
import { LintContext } from './context.ts'
import type { LintOptions } from './context.ts'

/**
 * Checks across artefacts: every path, name, role, state, operation, template field and FEEL text resolves in its place.
 * Findings of a family seen again through its programmes are listed once.
 */
export const lint = (definitions: Definitions, options: LintOptions): Finding[] => {
  const findings: Finding[] = []
  const programmes = Object.values(definitions.programmes).sort((a, b) => Number(a.id !== a.family) - Number(b.id !== b.family))
  for (const programme of programmes) {
    const ctx = new LintContext(programme, options)
    checkManifest(ctx)
    checkRoles(ctx)
    for (const entity of entitiesOf(programme)) {
      checkProperties(ctx, entity)
      checkKeywords(ctx, entity)
      checkMessages(ctx, entity)
      checkForm(ctx, entity)
      checkImports(ctx, entity)
    }
    checkProcesses(ctx)
    checkTemplates(ctx)
    findings.push(...ctx.findings)
  }
  findings.push(...checkTables(definitions, options.sources), ...checkSeeds(definitions, options.sources))
  const unique = new Map(findings.map((f) => [`${f.file}:${f.line}:${f.code}:${f.message}`, f]))
  return [...unique.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
}
