#!/usr/bin/env node
// TypeScript is run as it is: tsx compiles each file once and keeps it in its cache.
import { setFlagsFromString } from 'node:v8'
import { register } from 'tsx/esm/api'

// On a large machine V8 lets garbage grow to many times what is alive; collecting sooner costs little and keeps the process small.
setFlagsFromString('--heap-growing-percent=60')
register()
const { main } = await import('../server/cli/main.ts')
const language = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || ''
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => { process.stdout.write(`${text}\n`) },
  err: (text) => { process.stderr.write(`${text}\n`) },
  lang: /^zh/i.test(language) ? 'zh' : 'en',
  cwd: process.cwd(),
  env: process.env,
})
