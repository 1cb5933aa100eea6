// A thread does not inherit the loader of its parent: TypeScript is registered here.
import { register } from 'tsx/esm/api'

register()
const { runWorker } = await import('./worker.ts')
await runWorker()
