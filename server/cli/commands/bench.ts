import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Answer, Figure } from '../../../bench/harness/types.ts'
import { ROOT } from '#server/platform/root.ts'
import { DONE, NOT_DONE, WRONG_USE, type AddCommand, type Cli } from '../terminal.ts'

interface Options { json?: boolean; scale: string; rounds: string; database: string; write?: string }
type Failed = { name: string; failed: string }
interface Harness {
  benchmarkNames(): Promise<string[]>
  runBenchmark(name: string, options: object): Promise<Answer>
}

const HARNESS = join(ROOT, 'bench/harness')
// benchmarks need packages that are there for development only: an installed product has neither
const load = async <T>(file: string): Promise<T> => await import(pathToFileURL(join(HARNESS, file)).href) as T

/** A benchmark in a process of its own: memory and warm code of one are not those of the next. */
async function apart(name: string, options: Options): Promise<Answer | Failed> {
  const args = [join(ROOT, 'bin/certflow.mjs'), 'bench', name, '--json', '--scale', options.scale, '--rounds', options.rounds, '--database', options.database]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 }).catch((e: { stdout?: string; stderr?: string; message: string }) => ({ stdout: e.stdout ?? '', stderr: e.stderr ?? e.message }))
  try {
    const told = JSON.parse(stdout) as Answer | { ok: false; error: { message: string } }
    return 'error' in told ? { name, failed: told.error.message.split('\n')[0]! } : told
  } catch { return { name, failed: stderr.split('\n')[0] ?? 'no answer' } }
}

function tell(cli: Cli, answer: Answer | Failed): void {
  if ('failed' in answer) { cli.terminal.out(`✗ ${answer.name}: ${answer.failed}`); return }
  const goal = ({ goal }: Figure): string => (goal ? ` (${[goal.atLeast === undefined ? '' : `≥ ${goal.atLeast}`, goal.atMost === undefined ? '' : `≤ ${goal.atMost}`].filter(Boolean).join(', ')})` : '')
  cli.terminal.out(`${answer.name}: ${answer.title}`)
  for (const f of answer.figures) cli.terminal.out(`  ${f.ok ? '✓' : '✗'} ${f.what}${f.on ? `, ${f.on}` : ''}: ${Number.isFinite(f.value) ? `${Number(f.value.toPrecision(4))}${f.unit}` : '–'}${goal(f)}${f.behind ? `; ${f.behind}` : ''}`)
}

export const addBench: AddCommand = (program, cli) => {
  program.command('bench').argument('[name]')
    .description(cli.say('性能测试，与同一次运行中测得的基线相比；不填名称则全部运行', 'benchmarks against a baseline measured in the same run; without a name all of them'))
    .option('--scale <share>', cli.say('只用一部分数据试运行', 'a trial with a share of the sizes'), '1')
    .option('--rounds <n>', cli.say('取中位数的轮数', 'rounds of which the median counts'), '5')
    .option('--database <kinds>', cli.say('数据库，逗号分隔', 'databases, with commas'), 'sqlite,mariadb')
    .option('--write <file>', cli.say('把结果写成文档', 'writes the figures as a page'))
    .option('--json')
    .action(cli.run(async (name: string | undefined, options: Options) => {
      if (!existsSync(HARNESS)) { cli.terminal.err(cli.say('安装包中没有性能测试，请在源码目录运行', 'benchmarks are not part of an installation; run this in the sources')); return NOT_DONE }
      const scale = Number(options.scale)
      const rounds = Number(options.rounds)
      if (!(scale > 0 && scale <= 1) || !Number.isInteger(rounds) || rounds < 1) { cli.terminal.err(cli.say('比例应在 0 到 1 之间，轮数为正整数', 'the share is above 0 and at most 1, the rounds a whole number')); return WRONG_USE }
      const { benchmarkNames, runBenchmark } = await load<Harness>('run.ts')
      const names = await benchmarkNames()
      if (name !== undefined && !names.includes(name)) { cli.terminal.err(cli.say(`没有“${name}”，可用：${names.join('、')}`, `there is no "${name}"; there are: ${names.join(', ')}`)); return WRONG_USE }
      const answers: (Answer | Failed)[] = []
      for (const one of name ? [name] : names) {
        const answer = name ? await runBenchmark(one, { config: cli.config(), scale, rounds, databases: options.database.split(','), say: (text: string) => cli.terminal.err(`${one}: ${text}`) }) : await apart(one, options)
        if (!options.json) tell(cli, answer)
        answers.push(answer)
      }
      if (options.json) cli.json(name ? answers[0] : answers)
      if (options.write) await writeFile(resolve(cli.terminal.cwd, options.write), (await load<{ markdown(a: (Answer | Failed)[]): string }>('markdown.ts')).markdown(answers))
      return answers.every((a) => !('failed' in a) && a.ok) ? DONE : NOT_DONE
    }))
}
