#!/usr/bin/env node
// What `npm run build` compiled, while it belongs to the sources; else TypeScript as it is, which tsx compiles file by file.
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { compiledCommand } from './compiled.mjs'

// On a large machine V8 lets garbage grow to many times what is alive; collecting sooner costs little and keeps the process small.
setFlagsFromString('--heap-growing-percent=60')

const args = process.argv.slice(2)
// V8's helpers collect the worker thread's garbage at the web's priority: where processors are few, each thread collects its own (decision 0091)
if (args[0] === 'serve' && availableParallelism() < 4) for (const flag of ['--no-concurrent-marking', '--no-concurrent-sweeping']) setFlagsFromString(flag)
// benchmarks and the development server are TypeScript that imports the same sources
const fromSources = args[0] === 'bench' || args.includes('--dev')
const compiled = fromSources ? null : compiledCommand(dirname(dirname(fileURLToPath(import.meta.url))))
if (!compiled) (await import('tsx/esm/api')).register()
const { main } = await import(compiled ?? '../server/cli/main.ts')
const language = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || ''
process.exitCode = await main(args, {
  out: (text) => { process.stdout.write(`${text}\n`) },
  err: (text) => { process.stderr.write(`${text}\n`) },
  lang: /^zh/i.test(language) ? 'zh' : 'en',
  cwd: process.cwd(),
  env: process.env,
})
