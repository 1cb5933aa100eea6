// Makes the table of elements in the documentation anew from what each element says of itself.
import { readFile, writeFile } from 'node:fs/promises'
import { register } from 'tsx/esm/api'

register()
const { elementTable, readElementDocs, withElementTable } = await import('../server/runtime/process/bpmn/element-table.ts')
const page = new URL('../docs/definition-language/workflows.md', import.meta.url)
await writeFile(page, withElementTable(await readFile(page, 'utf8'), elementTable(await readElementDocs())))
