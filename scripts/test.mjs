// Everything that proves Certflow, from a fresh clone on: `npm test`, or some sections of it: `npm test -- unit scenarios`.
import { ensureBuild } from './lib/build.mjs'
import { ensurePackages } from './lib/packages.mjs'
import { check, counted, runSections, tools, vitest } from './lib/sections.mjs'
import { ensureSystem } from './lib/system.mjs'

const SECTIONS = [
  check('eslint', [tools.bin('eslint/bin/eslint.js'), '.', '--max-warnings=0']),
  check('dependencies', [tools.bin('dependency-cruiser/bin/dependency-cruise.mjs'), 'app', 'server', 'bin', '--config', '.dependency-cruiser.cjs', '--output-type', 'err']),
  check('types', [tools.bin('typescript/bin/tsc'), '--noEmit']),
  check('lint', [tools.certflow, 'lint']),
  vitest('unit', 'unit'),
  counted('scenarios', [tools.certflow, 'scenario', 'run']),
  vitest('integration', 'integration'),
  { name: 'build', run: async () => { await ensureBuild(); return { passed: 1, failed: 0 } } },
  vitest('browser', 'e2e'),
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !SECTIONS.some((s) => s.name === name))
if (unknown.length > 0) {
  console.error(`no section is called ${unknown.join(', ')}; there are: ${SECTIONS.map((s) => s.name).join(', ')}`)
  process.exit(2)
}
ensurePackages()
ensureSystem(['chromium', 'fonts', 'poppler'])
const { failed } = await runSections(wanted.length > 0 ? SECTIONS.filter((s) => wanted.includes(s.name)) : SECTIONS)
process.exit(failed === 0 ? 0 : 1)
