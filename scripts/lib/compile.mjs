import { createHash } from 'node:crypto'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './root.mjs'

const OUT = join(root, 'build/run')

// what the threads of the server start with; their names are those of the files that do it in the sources
const ENTRIES = {
  cli: "export { main } from './server/cli/main.ts'",
  'worker-entry': "import { runWorker } from './server/worker.ts'\nawait runWorker()",
  'split.worker': "import './server/runtime/documents/pdf/split.worker.ts'",
}
const TRACES = "import { traceToSources } from './server/platform/stack-traces.ts'\ntraceToSources(new URL('.', import.meta.url).href)\n"

const entries = {
  name: 'entries',
  setup(build) {
    build.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'entry' }))
    build.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({ contents: TRACES + ENTRIES[path], resolveDir: root, loader: 'ts' }))
    build.onResolve({ filter: /^#server\// }, ({ path }) => ({ path: join(root, path.slice(1)) }))
    // packages stay where they are; what lies in this repository is compiled
    build.onResolve({ filter: /^[^.#/]/ }, ({ path, namespace, kind }) => (kind === 'entry-point' || namespace === 'entry' ? null : { path, external: true }))
  },
}

const stated = (file) => {
  const { mtimeMs, size } = statSync(join(root, file))
  return [file, mtimeMs, size, createHash('sha256').update(readFileSync(join(root, file))).digest('base64url')]
}

/** Compiles the server into build/run, and notes from which sources. Throws when a source is wrong. */
export const compileServer = async () => {
  // the esbuild that vite brings
  const { build } = createRequire(join(root, 'node_modules/vite/package.json'))('esbuild')
  rmSync(OUT, { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: root, entryPoints: Object.fromEntries(Object.keys(ENTRIES).map((name) => [name, `entry:${name}`])), plugins: [entries],
    outdir: OUT, outExtension: { '.js': '.mjs' }, chunkNames: '[name]-[hash]', bundle: true, splitting: true, ignoreAnnotations: true, format: 'esm', platform: 'node', target: 'node20.10',
    sourcemap: true, sourcesContent: false, keepNames: false, metafile: true, logLevel: 'warning',
  })
  const sources = Object.keys(metafile.inputs).filter((file) => file.startsWith('server/')).sort().map(stated)
  // last: without the list nothing here is run
  writeFileSync(join(OUT, 'build-id'), createHash('sha256').update(JSON.stringify(sources.map(([file, , , hash]) => [file, hash]))).digest('base64url'))
  writeFileSync(join(OUT, 'sources.json'), JSON.stringify({ sources }))
}
