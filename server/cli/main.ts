import { Command, CommanderError } from 'commander'
import { isAppError } from '#server/platform/errors.ts'
import { COMMANDS } from './commands/index.ts'
import { Refused } from './refused.ts'
import { createCli, DONE, NOT_DONE, WRONG_USE, type Terminal } from './terminal.ts'

/** A file that is not there, a full disk: its message names the file and what happened, where it was thrown tells nobody anything. */
const isSystemError = (error: unknown): error is Error & { code: string } => error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'

const reasonOf = (error: unknown, lang: Terminal['lang']): { code: string; message: string } => {
  if (isAppError(error)) return { code: error.code, message: [lang === 'zh' ? error.person : error.message, error.where, error.found, error.fix].filter(Boolean).join('\n') }
  if (error instanceof Refused) return { code: error.code, message: error.message }
  if (isSystemError(error)) return { code: error.code, message: error.message }
  return { code: 'INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

/** Runs one command line; answers the exit code: 0 done, 1 not done, 2 not understood. */
export async function main(argv: string[], terminal: Terminal): Promise<number> {
  let code = DONE
  const cli = createCli(terminal, (ended) => { code = ended })
  const output = { writeOut: (text: string) => terminal.out(text.trimEnd()), writeErr: (text: string) => terminal.err(text.trimEnd()) }
  const program = new Command('certflow').description(cli.say('职业证书项目平台：定义、检查、运行', 'Vocational-certificate programmes: define, check, run')).showHelpAfterError().exitOverride().configureOutput(output)
  for (const add of COMMANDS) add(program, cli)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USE
    const reason = reasonOf(error, terminal.lang)
    if (argv.includes('--json')) cli.json({ ok: false, error: reason })
    else terminal.err(reason.message)
    return NOT_DONE
  }
}
