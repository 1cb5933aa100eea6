import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterEach, beforeEach, expect, it } from 'vitest'

let dir = ''
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'certflow-traces-')))
  await mkdir(join(dir, 'out'))
  await writeFile(join(dir, 'written.ts'), 'interface Nothing { a: string }\n\nexport const fails = (n: Nothing): never => {\n  throw new Error(`as written ${n.a}`)\n}\n')
  await writeFile(join(dir, 'main.mjs'), `import { traceToSources } from '${new URL('stack-traces.ts', import.meta.url).href}'
traceToSources('${pathToFileURL(join(dir, 'out')).href}')
const { fails } = await import('./out/written.mjs')
try { fails({ a: 'here' }) } catch (error) { console.log(error.stack) }
`)
})
afterEach(() => rm(dir, { recursive: true }))

async function stackOf(sourcemap: boolean): Promise<string[]> {
  await build({ entryPoints: [join(dir, 'written.ts')], outfile: join(dir, 'out/written.mjs'), format: 'esm', minify: true, sourcemap, logLevel: 'silent' })
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx/esm', join(dir, 'main.mjs')])
  return stdout.split('\n')
}

it('names the line of the source where a compiled file failed', async () => {
  const [first, second] = await stackOf(true)

  expect(first).toBe('Error: as written here')
  expect(second).toContain(`${join(dir, 'written.ts')}:4:`)
})

it('shows the compiled place where the map is missing, and the error all the same', async () => {
  const [first, second] = await stackOf(false)

  expect(first).toBe('Error: as written here')
  expect(second).toContain('out/written.mjs:1:')
})
