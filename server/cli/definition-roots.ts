import { resolve } from 'node:path'
import type { Command } from 'commander'
import { collect, type Cli } from './terminal.ts'

export interface DefinitionOptions { definitions: string[]; alone?: boolean }

/** The options by which a command is told whose definitions it works on. */
export const withDefinitions = (command: Command, cli: Cli): Command => command
  .option('-d, --definitions <dir>', cli.say('叠加在内置定义之上的定义目录，可重复', 'a folder of definitions over the shipped ones; repeatable'), collect, [])
  .option('--alone', cli.say('只用给出的目录，不用内置定义', 'only the given folders, without the shipped definitions'))

/** Folders of definitions, later ones over earlier ones. */
export const rootsOf = (options: DefinitionOptions, cli: Cli): { all: string[]; given: string[] } => {
  const given = options.definitions.map((dir) => resolve(cli.terminal.cwd, dir))
  return { given, all: options.alone && given.length > 0 ? given : [cli.config().definitionsDir, ...given] }
}
