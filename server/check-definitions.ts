import { OPERATIONS } from './operations/index.ts'
import { rowConditions } from './runtime/access/index.ts'
import { compileProcesses, lint, unreadable, type Definitions, type Dict, type Finding, type LoadedDefinitions, type OperationContract } from './runtime/definitions/index.ts'
import { checkTemplate } from './runtime/documents/index.ts'
import { compile } from './runtime/expressions/index.ts'
import { compileProcess, lintProcess, parseBpmn } from './runtime/process/bpmn/index.ts'

const contracts: Dict<OperationContract> = Object.fromEntries(OPERATIONS.map((o) => [o.contract.id, o.contract]))

/**
 * Everything that can be said of definitions without running them: what loading found, processes, templates, rights and every reference
 * between files. While a file cannot be read at all, only that is said.
 */
export async function checkDefinitions({ definitions, findings, sources }: LoadedDefinitions): Promise<{ definitions: Definitions; findings: Finding[] }> {
  const broken = unreadable(findings)
  if (broken.length > 0) return { definitions, findings: inOrder(broken) }
  const processes = await compileProcesses(definitions, { parse: parseBpmn, compile: compileProcess, lint: lintProcess })
  const across = lint(definitions, {
    compile, sources, process: processes.process, operations: contracts,
    rowConditions: (programme, entity, role) => rowConditions(programme, entity, role),
    checkTemplate,
  })
  const all = [...findings, ...processes.findings, ...across]
  const unique = [...new Map(all.map((f) => [`${f.file}:${f.line}:${f.code}:${f.message}`, f])).values()]
  return { definitions, findings: inOrder(unique) }
}

const inOrder = (findings: Finding[]): Finding[] => findings.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
