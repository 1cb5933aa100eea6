import { formatFinding, type Finding } from '#server/runtime/definitions/index.ts'
import type { Cli } from './terminal.ts'

const SHOWN = 10

/** What a person has to know when the definition files have errors and the version before them runs: nothing else would tell. */
export const stillRunning = (cli: Cli, errors: Finding[], version: string): string[] => {
  if (errors.length === 0) return []
  const rest = errors.length - SHOWN
  return [
    cli.say(`定义文件有 ${errors.length} 处错误，正在以上一个正确的版本（${version.slice(0, 12)}）运行：`, `the definition files have ${errors.length} errors; their last good version (${version.slice(0, 12)}) runs instead:`),
    ...errors.slice(0, SHOWN).map((f) => `  ${formatFinding(f)}`),
    ...(rest > 0 ? [cli.say(`  另有 ${rest} 处`, `  and ${rest} more`)] : []),
    cli.say('改正后用 certflow lint 检查，再重新启动。', 'mend them, check with "certflow lint", then start again.'),
  ]
}
