import { shown } from './measure.ts'
import type { Answer, Figure } from './types.ts'

const goalOf = ({ goal, unit }: Figure): string => [goal?.atLeast === undefined ? '' : `≥ ${shown(goal.atLeast)}${unit}`, goal?.atMost === undefined ? '' : `≤ ${shown(goal.atMost)}${unit}`].filter(Boolean).join(', ')
const DATABASE = { sqlite: 'SQLite', mariadb: 'MariaDB' }

const lineOf = (f: Answer['figures'][number]): string =>
  `| ${f.what}${f.on ? `, ${DATABASE[f.on]}` : ''} | ${Number.isFinite(f.value) ? shown(f.value) + f.unit : '–'} | ${goalOf(f)} | ${f.goal ? (f.ok ? '✓' : '✗') : ''} | ${f.behind ?? ''} |`

/** All answers as a page; what failed stands there like what holds. */
export function markdown(answers: (Answer | { name: string; failed: string })[]): string {
  const measured = answers.filter((a): a is Answer => !('failed' in a))
  const [first] = measured
  const intro = ['# Benchmarks', '', 'Written by `npm run bench`; each can be run alone with `certflow bench <name>`. Baselines are measured in the same run on the same machine, so that a ratio says something where an absolute time does not.']
  if (first) intro.push(`Median of ${first.rounds} rounds. ${first.at.slice(0, 10)}, ${first.machine}${first.scale === 1 ? '' : `; a trial at ${first.scale} of the sizes`}.`)
  // the heavy ones may be run alone, with fewer rounds
  const rounds = (a: Answer): string => (a.rounds === first?.rounds ? '' : ` Median of ${a.rounds} ${a.rounds === 1 ? 'round' : 'rounds'}.`)
  const sections = answers.flatMap((a) => ('failed' in a
    ? ['', `## ${a.name}`, '', `Could not be measured: ${a.failed}`]
    : ['', `## ${a.name}`, '', `${a.title}.${rounds(a)}`, '', '| What | Measured | Goal | | Behind it |', '| --- | --- | --- | --- | --- |', ...a.figures.map(lineOf)]))
  return `${[...intro, ...sections].join('\n')}\n`
}
