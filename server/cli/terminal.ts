import type { Command } from 'commander'
import { loadConfig, type Config } from '#server/platform/config.ts'
import { ROOT } from '#server/platform/root.ts'

/** Where a command writes, and what it is started with; tests give one that records. */
export interface Terminal {
  out(line: string): void
  err(line: string): void
  lang: 'zh' | 'en'
  cwd: string
  env: Record<string, string | undefined>
}
/** What every command is given. A handler answers the exit code: 0 only when it did what was asked. */
export interface Cli {
  terminal: Terminal
  /** the text in the reader's language */
  say(zh: string, en: string): string
  json(value: unknown): void
  config(over?: Record<string, string | undefined>): Config
  run<A extends unknown[]>(handler: (...args: A) => Promise<number>): (...args: A) => Promise<void>
}
export type AddCommand = (program: Command, cli: Cli) => void

export const DONE = 0
export const NOT_DONE = 1
export const WRONG_USE = 2

export const createCli = (terminal: Terminal, ended: (code: number) => void): Cli => ({
  terminal,
  say: (zh, en) => (terminal.lang === 'zh' ? zh : en),
  json: (value) => { terminal.out(JSON.stringify(value, null, 2)) },
  config: (over = {}) => loadConfig({ ...terminal.env, CERTFLOW_DEFINITIONS: terminal.env.CERTFLOW_DEFINITIONS || ROOT, ...over }, terminal.cwd),
  run: (handler) => async (...args) => { ended(await handler(...args)) },
})

/** Collects a repeatable option. */
export const collect = (value: string, before: string[]): string[] => [...before, value]
