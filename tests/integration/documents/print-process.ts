import { createDocuments } from '#server/runtime/documents/index.ts'
import { compiled, env, templateOf } from './support.ts'

/** Prints one document, says which browser did, and stays until it is killed. */
const documents = createDocuments()
await documents.renderPdfs(compiled(templateOf({ html: '<p>1</p>' })), [{}], { env, onDocument: () => undefined })
process.stdout.write(`${await documents.browserPid()}\n`)
setInterval(() => undefined, 1000)
