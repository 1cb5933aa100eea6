// Parts run as the command does: the same loader, the same memory setting.
import { setFlagsFromString } from 'node:v8'
import { register } from 'tsx/esm/api'

setFlagsFromString('--heap-growing-percent=60')
register()
const { default: part } = await import(`./${process.argv[2]}.ts`)
const answer = await part(JSON.parse(process.argv[3]))
process.stdout.write(`\n${JSON.stringify({ ...answer, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`)
process.exit(0)
