import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { performance } from 'node:perf_hooks'
import { join, relative } from 'node:path'
import { root, say } from './root.mjs'

const bin = (...parts) => join(root, 'node_modules', ...parts)
const node = process.execPath

/** Runs to its end, its output shown and its last line that says "N passed, N failed" kept. */
const stream = (args, env) => new Promise((resolve) => {
  const child = spawn(node, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  let tail = ''
  child.stdout.on('data', (chunk) => { process.stdout.write(chunk); tail = (tail + chunk).slice(-4000) })
  child.on('close', (code) => resolve({ code: code ?? 1, told: [...tail.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) }))
})

/** The counts a run itself gives; a run that fails in another way than by a test counts one more failure. */
const settle = (code, passed, failed) => ({ passed, failed: code !== 0 && failed === 0 ? 1 : failed })

/** A check without counts of its own: one passed or one failed. */
export const check = (name, args, env) => ({ name, run: async () => { const { code } = await stream(args, env); return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 } } })

const firstLine = (text) => (text ?? '').split('\n')[0].slice(0, 300)

/** A vitest project. */
export const vitest = (name, project, filters = [], env) => ({
  name,
  run: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'certflow-report-'))
    try {
      const report = join(dir, 'report.json')
      const { code } = await stream([bin('vitest/vitest.mjs'), 'run', '--project', project, ...filters, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`], env)
      const result = JSON.parse(readFileSync(report, 'utf8'))
      const failures = result.testResults.flatMap((file) => {
        const tests = file.assertionResults.filter((t) => t.status === 'failed').map((t) => ({ name: t.fullName, why: t.failureMessages[0] }))
        return (tests.length > 0 || file.status !== 'failed' ? tests : [{ name: '(whole file)', why: file.message }]).map((t) => `${relative(root, file.name)} > ${t.name}: ${firstLine(t.why)}`)
      })
      const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
      return { ...settle(code, result.numPassedTests, result.numFailedTests + broken), failures }
    } finally { rmSync(dir, { recursive: true, force: true }) }
  },
})

/** A command that ends with "N passed, N failed". */
export const counted = (name, args, env) => ({ name, run: async () => { const { code, told } = await stream(args, env); return settle(code, Number(told?.[1] ?? 0), Number(told?.[2] ?? 0)) } })

/** Runs all sections, whatever fails; answers the sums and prints them, the last line being "N passed, N failed". */
export const runSections = async (sections) => {
  const done = []
  for (const section of sections) {
    say(`\n── ${section.name}`)
    const from = performance.now()
    let result
    try { result = await section.run() }
    catch (error) { say(error instanceof Error ? error.message : String(error)); result = { passed: 0, failed: 1 } }
    done.push({ name: section.name, ...result, seconds: (performance.now() - from) / 1000 })
    say(`── ${section.name}: ${result.passed} passed, ${result.failed} failed, ${((performance.now() - from) / 1000).toFixed(1)} s`)
  }
  say('')
  for (const d of done) say(`${d.failed === 0 ? '✓' : '✗'} ${d.name.padEnd(22)} ${String(d.passed).padStart(6)} passed ${String(d.failed).padStart(4)} failed ${d.seconds.toFixed(1).padStart(8)} s`)
  for (const d of done) for (const failure of d.failures ?? []) say(`failed: ${failure}`)
  const passed = done.reduce((sum, d) => sum + d.passed, 0)
  const failed = done.reduce((sum, d) => sum + d.failed, 0)
  say(`${passed} passed, ${failed} failed`)
  return { passed, failed }
}

export const tools = { bin, certflow: join(root, 'bin/certflow.mjs') }
