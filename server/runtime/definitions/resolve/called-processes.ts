import type { Dict, ProcessSource } from '../model.ts'

const CALLED = /\bcalledElement\s*=\s*(?:"([^"]*)"|'([^']*)')/g
type Texts = NonNullable<ProcessSource['called']>

const callsOf = (xml: string): string[] => [...xml.matchAll(CALLED)].flatMap((m) => m[1] ?? m[2] ?? [])

/** The process a call activity means: hook → programme → family → core; what the file itself holds comes before all of them. */
export const calledSource = (processes: Dict<ProcessSource>, hooks: Dict<string>, called: string): ProcessSource | undefined =>
  processes[hooks[called] || (called.split('/').at(-1) ?? called)]

/** Every text a process calls, directly or through others, so that a stored version is whole. */
export const calledTexts = (processes: Dict<ProcessSource>, hooks: Dict<string>, source: ProcessSource): Texts => {
  const texts: Texts = {}
  const follow = (xml: string): void => {
    for (const called of callsOf(xml)) {
      const other = calledSource(processes, hooks, called)
      if (!other || texts[called]) continue
      texts[called] = { file: other.file, xml: other.xml }
      follow(other.xml)
    }
  }
  follow(source.xml)
  return texts
}
