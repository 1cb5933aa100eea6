// tsx registers its loader in the main thread only; a worker asks for it by itself.
import { register } from 'tsx/esm/api'

register()
await import('./split.worker.ts')
