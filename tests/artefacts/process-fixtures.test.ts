import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { compileProcess, lintProcess, parseBpmn } from '#server/runtime/process/bpmn/index.ts'
import { simulate, waits, type CompiledProcess, type Evaluate } from '#server/runtime/process/core/index.ts'

const read = async (name: string) => {
  const parsed = await parseBpmn(await readFile(new URL(`../fixtures/processes/${name}.bpmn`, import.meta.url), 'utf8'), `${name}.bpmn`)
  if (!parsed.process) throw new Error(JSON.stringify(parsed.findings))
  return { parsed, process: compileProcess(parsed.process) }
}
const lint = (process: CompiledProcess) => lintProcess(process).filter(f => f.code !== 'diagram.missing')
const facts = (answers: Record<string, unknown>): Evaluate => (text, extra = {}) => {
  const outcome = /^outcome = "(.*)"$/.exec(text)
  return outcome ? extra.outcome === outcome[1] : answers[text] ?? null
}
const path = (process: CompiledProcess, answers: Record<string, unknown>, steps: Parameters<typeof simulate>[1]['steps']) => {
  const statuses: string[] = []
  const run = simulate(process, { steps }, facts(answers))
  for (const turn of run.turns) for (const e of turn.effects) if (e.kind === 'status') statuses.push(e.value)
  return { run, statuses, refused: run.turns.flatMap(t => t.refused ?? []) }
}

describe('pilot application', () => {
  it('parses and lints clean but for its missing diagram', async () => {
    const { parsed, process } = await read('pilot-application')

    expect(parsed.findings).toEqual([])
    expect(lint(process)).toEqual([])
  })
  it('goes straight to the province when the plan has no city review (VSLC-075)', async () => {
    const { process } = await read('pilot-application')

    const { run, statuses } = path(process, { 'plan.cityReview': false }, [{ do: 'draft', outcome: 'submit' }, { do: 'first', outcome: 'approve' }])

    expect(statuses).toEqual(['DRAFT', 'PENDING_FIRST', 'APPROVED'])
    expect(run.turns.at(-1)?.effects.find(e => e.kind === 'apply')).toMatchObject({ element: 'approve', wait: false })
  })
  it('passes city, then province, and starts again at the city after a return (VSLC-076)', async () => {
    const { process } = await read('pilot-application')

    const { statuses, refused } = path(process, { 'plan.cityReview': true }, [
      { do: 'draft', outcome: 'submit' }, { do: 'city', outcome: 'pass' }, { do: 'final', outcome: 'return' },
      { do: 'returned', outcome: 'submit' }, { do: 'city', outcome: 'return' }, { do: 'returned', outcome: 'submit' }, { do: 'city', outcome: 'pass' }, { do: 'final', outcome: 'approve' },
    ])

    expect(refused).toEqual([])
    expect(statuses).toEqual(['DRAFT', 'PENDING_FIRST', 'PENDING_FINAL', 'RETURNED', 'PENDING_FIRST', 'RETURNED', 'PENDING_FIRST', 'PENDING_FINAL', 'APPROVED'])
  })
  it('lets the province take back what is under review or approved, and nobody else (VSLC-079)', async () => {
    const { process } = await read('pilot-application')

    const { run, statuses } = path(process, { 'plan.cityReview': true }, [{ do: 'draft', outcome: 'submit' }, { message: 'return' }])
    expect(statuses).toEqual(['DRAFT', 'PENDING_FIRST', 'RETURNED'])
    expect(waits(process, run.state).map(w => w.element)).toEqual(['returned'])

    const approved = path(process, { 'plan.cityReview': false }, [{ do: 'draft', outcome: 'submit' }, { do: 'first', outcome: 'approve' }])
    expect(waits(process, approved.run.state)).toMatchObject([{ kind: 'message', element: 'approved', name: 'return' }])
    expect(process.elements.approved).toMatchObject({ role: ['province'], label: '退回', comment: 'required' })
  })
  it('offers no withdrawal to the school and refuses a message nobody waits for', async () => {
    const { process } = await read('pilot-application')

    expect(path(process, {}, [{ message: 'return' }]).refused).toMatchObject([{ refused: 'noCatcher' }])
  })
})

describe('exam plan', () => {
  it('parses and lints clean but for its missing diagram', async () => {
    const { parsed, process } = await read('exam-plan')

    expect(parsed.findings).toEqual([])
    expect(lint(process)).toEqual([])
  })
  it('is told, as the design excerpt has it, that two outcomes lead nowhere', async () => {
    const { parsed, process } = await read('exam-plan-excerpt')

    expect(parsed.findings).toEqual([])
    expect(lint(process)).toMatchObject([{ level: 'error', code: 'task.outcomeUnread', line: 10, message: expect.stringContaining('"undo", "finish"') }])
  })
  it('keeps its timers, seats with the operation, applies both sets in order and comes back to the task', async () => {
    const { process } = await read('exam-plan')
    expect(process.elements.arranger?.effects.map(e => [e.entity, e.rows ?? e.draw])).toEqual([['registration', 'output.rows'], ['entry', 'ticketNo']])

    const { run, refused } = path(process, {}, [{ timer: 'regOver' }, { do: 'seat', outcome: 'arrange' }, { operation: 'arranger', output: { rows: [] } }, { do: 'seat', outcome: 'undo' }])

    expect(refused).toEqual([])
    expect(run.turns[0]?.effects).toEqual([{ kind: 'armTimer', token: process.index.ordinal.regOver, element: 'regOver', timer: 'date', expr: 'regWindow.end' }])
    expect(run.turns[3]?.effects.map(e => e.kind)).toEqual(['apply', 'createTask'])
    expect(run.turns[4]?.effects.map(e => e.kind)).toEqual(['completeTask', 'apply', 'createTask'])
    expect(run.state.marking.tokens.map(t => t.at)).toEqual(['seat'])
  })
  it('can be postponed at any time without disturbing what runs', async () => {
    const { process } = await read('exam-plan')

    const { run } = path(process, {}, [{ timer: 'regOver' }, { message: 'postpone' }, { message: 'postpone' }])

    expect(run.turns[2]?.effects).toEqual([{ kind: 'send', element: 'tell' }])
    expect(run.turns.at(-1)?.at).toEqual(['seat'])
    expect(path(process, {}, [{ timer: 'regOver' }, { do: 'seat', outcome: 'finish' }]).run.ended).toBe(true)
  })
  it('lists every FEEL text with its element, use and line', async () => {
    const { process } = await read('exam-plan')

    expect(process.expressions).toContainEqual({ element: 'regOver', use: 'timer', text: 'regWindow.end', line: 8 })
    expect(process.expressions.filter(e => e.element === 'arranger').map(e => e.use)).toEqual(['input', 'input', 'rows', 'value', 'value', 'where', 'order', 'order', 'order'])
    expect(process.expressions.filter(e => e.text === 'item.seatNo' || e.use === 'order').map(e => e.line)).toEqual([25, 28, 28, 28])
    expect(process.expressions.filter(e => e.element === 'tell')).toMatchObject([{ use: 'to', text: 'rows("core/user")[list contains(record.schools, item.org)]' }])
  })
})
