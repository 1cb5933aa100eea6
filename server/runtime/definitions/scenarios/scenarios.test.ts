import { describe, expect, test } from 'vitest'
import { formatFinding } from '../load/doc.ts'
import scenarioMeta from '../meta/scenario.schema.json' with { type: 'json' }
import { checkMeta } from '../meta/check-meta.ts'
import { citedIn, coverage, formatCoverage, readRequirements } from './coverage.ts'
import { loadScenario, VERBS } from './load-scenario.ts'

const TEXT = `title: A book is lent and comes back
covers: [ALFA-001]
program: city
clock: 2026-03-02T09:00+08:00
given: demo/one
steps:
  - { as: librarian.anna, create: loan, ref: loan, data: { book: $book.atlas },
      expect: { status: OUT, buttons: [return] } }
  - advance: P3D
  - as: librarian.anna
    do: return
    on: $loan
    expect: { refused: [已还], $loan: { status: BACK } }
`

describe('scenario files', () => {
  test('become typed steps that know their lines', () => {
    const { scenario, findings } = loadScenario('s.yaml', TEXT)
    expect(findings).toEqual([])
    expect(scenario).toMatchObject({ title: 'A book is lent and comes back', covers: ['ALFA-001'], program: 'city', given: ['demo/one'] })
    expect(scenario?.steps.map((s) => [s.line, s.verbs, s.as])).toEqual([[7, ['create'], 'librarian.anna'], [9, ['advance'], undefined], [10, ['do'], 'librarian.anna']])
    expect(scenario?.steps[0]).toMatchObject({ ref: 'loan', target: { create: 'loan' }, data: { book: '$book.atlas' }, expect: { status: 'OUT', buttons: ['return'] } })
  })

  test.each([
    ['steps without a verb', TEXT.replace('advance: P3D', 'note: nothing'), 's.yaml:9: error meta'],
    ['unknown members', TEXT.replace('ref: loan', 'rfe: loan'), 's.yaml:7: error meta: unknown key "rfe"; did you mean "ref"?'],
    ['unknown expectations', TEXT.replace('buttons:', 'butons:'), 's.yaml:8: error meta: unknown key "butons"; did you mean "buttons"?'],
    ['times that are neither', TEXT.replace('P3D', 'three days'), 's.yaml:9: error meta: "three days" does not fit'],
    ['ids that cannot be', TEXT.replace('ALFA-001', 'alfa1'), 's.yaml:2: error meta: "alfa1" does not fit'],
    ['broken YAML', TEXT.replace('[ALFA-001]', '[ALFA-001'), 's.yaml:3: error yaml'],
  ])('are refused for %s, with the line', (_, text, expected) => {
    const { scenario, findings } = loadScenario('s.yaml', text)
    expect(scenario).toBeNull()
    expect(findings.map(formatFinding).join('\n')).toContain(expected)
  })

  test('have a grammar with an example per verb, and the examples are valid', () => {
    const step = scenarioMeta.$defs.step.properties as Record<string, { examples?: object[] }>
    for (const verb of VERBS) {
      const examples = step[verb]?.examples ?? []
      expect(examples, verb).not.toEqual([])
      for (const example of examples) {
        const value = { title: 't', program: 'p', clock: '2026-01-01T00:00Z', steps: [example] }
        expect(checkMeta('scenario', { file: 'x', value: JSON.parse(JSON.stringify(value)), at: new Map() }), verb).toEqual([])
      }
    }
  })
})

describe('coverage', () => {
  const rows = [...readRequirements('alpha', '# Alpha\n\n- ALFA-001 Books are lent\n- ALFA-002 Books come back\n'), ...readRequirements('beta', '- BETA-001 Chairs\n')]

  test('counts rows cited by scenarios and tests and lists the others', () => {
    const result = coverage(rows, [{ covers: ['ALFA-001', 'ALFA-009'] }], citedIn('test("BETA-001: chairs stay")'))
    expect(result.families).toEqual([
      { family: 'alpha', total: 2, covered: 1, missing: [{ id: 'ALFA-002', title: 'Books come back', family: 'alpha' }] },
      { family: 'beta', total: 1, covered: 1, missing: [] },
    ])
    expect(result.unknown).toEqual(['ALFA-009'])
    expect(formatCoverage(result)).toBe('alpha: 1/2\n  ALFA-002 Books come back\nbeta: 1/1\ncited but unknown: ALFA-009')
  })
})
