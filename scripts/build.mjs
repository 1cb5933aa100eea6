// The web and the compiled server, as far as they are not built or their sources changed: `npm run build`.
import { ensureBuild } from './lib/build.mjs'
import { say } from './lib/root.mjs'

say(await ensureBuild() ? 'built' : 'everything is built already')
