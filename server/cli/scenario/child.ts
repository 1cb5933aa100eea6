import type { Definitions } from '#server/runtime/definitions/index.ts'
import { loadSound } from './load.ts'
import type { ChildStart, FromChild, ToChild } from './run-many.ts'
import { runOne } from './run-one.ts'

/** Runs the scenarios that the parent process sends, one after the other, until it hangs up. */
export const runChild = (): Promise<void> => new Promise((resolve) => {
  const tell = (message: FromChild): void => { process.send?.(message) }
  let state: { definitions: Definitions; settings: ChildStart['settings'] } | undefined
  const handle = async (message: ToChild): Promise<void> => {
    if ('start' in message) {
      const { definitions } = await loadSound(message.start.roots)
      if (!definitions) throw new Error('the definitions have errors')
      state = { definitions, settings: message.start.settings }
      tell({ ready: true })
    } else if (state) tell({ report: await runOne(message.scenario, state.definitions, state.settings) })
  }
  process.on('message', (message: ToChild) => { handle(message).catch((error: unknown) => { process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`); process.exit(1) }) })
  process.on('disconnect', () => resolve())
})
