// Node 20 ignores --import in a worker's own execArgv, so the entry registers tsx by itself.
import { register } from 'tsx/esm/api'

register()
await import('./bump-worker.ts')
