import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** rule -> a file that breaks it, and what it imports; `to` is made when it is one of our own. */
const PLANTED: Record<string, { from: string; to: string; text?: string }> = {
  'platform-is-the-floor': { from: 'server/platform/a.ts', to: 'server/data/index.ts' },
  'data-uses-only-platform': { from: 'server/data/a.ts', to: 'server/runtime/jobs/index.ts' },
  'runtime-is-domain-neutral': { from: 'server/runtime/jobs/a.ts', to: 'server/operations/index.ts' },
  'operations-see-contracts-only': { from: 'server/operations/alpha/a.ts', to: 'server/runtime/records/index.ts' },
  'operations-ask-for-adapters': { from: 'server/operations/alpha/b.ts', to: 'server/adapters/index.ts' },
  'operations-are-siblings': { from: 'server/operations/alpha/c.ts', to: 'server/operations/beta/d.ts' },
  'domain-rules-are-pure': { from: 'server/operations/alpha/rules/a.ts', to: 'server/operations/alpha/e.ts' },
  'runtime-modules-meet-at-index': { from: 'server/runtime/records/a.ts', to: 'server/runtime/jobs/inner.ts' },
  'process-core-is-pure': { from: 'server/runtime/process/core/a.ts', to: 'server/platform/clock.ts' },
  'expressions-stand-alone': { from: 'server/runtime/expressions/a.ts', to: 'server/platform/ids.ts' },
  'expressions-and-core-run-in-the-browser': { from: 'server/runtime/expressions/b.ts', to: 'node:fs', text: "import 'node:fs'" },
  'sequelize-only-in-stores': { from: 'server/runtime/records/b.ts', to: 'sequelize', text: "import { Sequelize } from 'sequelize'\nexport const s = Sequelize" },
  'browser-and-handlebars-one-home': { from: 'server/runtime/records/c.ts', to: 'handlebars', text: "import h from 'handlebars'\nexport const s = h" },
  'server-knows-no-remix': { from: 'server/runtime/jobs/b.ts', to: 'react', text: "import r from 'react'\nexport const s = r" },
  'only-dot-server-files-import-server': { from: 'app/routes/a.tsx', to: 'server/services.ts' },
  'app-sees-the-contract': { from: 'app/gateway/a.server.ts', to: 'server/house.ts' },
  'components-are-pure': { from: 'app/components/a.tsx', to: 'app/gateway/b.server.ts' },
  'product-never-imports-tests': { from: 'server/runtime/jobs/c.ts', to: 'tests/support/a.ts' },
  'artefacts-are-read-not-imported': { from: 'server/runtime/jobs/d.ts', to: 'seeds/programs/x/program.ts' },
  'no-circular': { from: 'server/runtime/jobs/e.ts', to: 'server/runtime/jobs/f.ts', text: "import { x } from './f.ts'\nexport const y = x" },
}

describe('the rules of who may import whom', () => {
  let dir = ''
  let violations: { rule: string; from: string }[] = []
  beforeAll(() => {
    // below the repository, so that packages are found by walking up
    mkdirSync(join(ROOT, 'var'), { recursive: true })
    dir = mkdtempSync(join(ROOT, 'var/planted-'))
    const put = (file: string, text: string): void => { mkdirSync(dirname(join(dir, file)), { recursive: true }); writeFileSync(join(dir, file), text) }
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) cpSync(join(ROOT, file), join(dir, file))
    for (const { to } of Object.values(PLANTED)) if (/\.tsx?$/.test(to)) put(to, 'export const x = 1\n')
    for (const { from, to, text } of Object.values(PLANTED)) put(from, text ?? `import { x } from '${'../'.repeat(from.split('/').length - 1)}${to}'\nexport const y = x\n`)
    put('server/runtime/jobs/f.ts', "import { y } from './e.ts'\nexport const x = y\n")
    const args = [join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), 'app', 'server', '--config', '.dependency-cruiser.cjs', '--output-type', 'json']
    const report = JSON.parse(execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] })) as { summary: { violations: { from: string; rule: { name: string } }[] } }
    violations = report.summary.violations.map((v) => ({ rule: v.rule.name, from: v.from }))
  })
  afterAll(() => { rmSync(dir, { recursive: true, force: true }) })

  it.each(Object.keys(PLANTED))('%s is caught where it is broken', (rule) => {
    expect(violations).toContainEqual({ rule, from: PLANTED[rule]?.from })
  })
})
