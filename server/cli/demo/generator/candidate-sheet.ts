import { asNumber, fault, writeFaultySheet } from './faulty-sheet.ts'
import type { ExpectedRow, SheetOptions } from './faulty-sheet.ts'
import { withWrongCheck } from './id-number.ts'
import type { Person } from './people.ts'

export type CandidateField = 'name' | 'namePinyin' | 'gender' | 'idType' | 'idNo' | 'mobile' | 'enrolYear' | 'majorLevel' | 'major' | 'majorCode'
export type CandidateFault = 'numeric-id' | 'wrong-checksum' | 'missing-value' | 'duplicate-in-file' | 'unknown-major' | 'stray-space' | 'line-break' | 'wrong-label'

/** Writes people as a school sends them; returns what must become of each row. Major codes must be unknown with `unknown-major`: 999999. */
export const writeCandidateSheet = (path: string, people: readonly Person[], options: SheetOptions<CandidateField, CandidateFault>): Promise<ExpectedRow[]> =>
  writeFaultySheet<CandidateField, CandidateFault>(path, {
    rows: people.map(({ name, namePinyin, gender, idType, idNo, mobile, enrolYear, majorLevel, major, majorCode }) => ({ name, namePinyin, gender, idType, idNo, mobile, enrolYear, majorLevel, major, majorCode })),
    keyOf: (row) => String(row.idNo),
    faults: {
      'numeric-id': fault('idNo', asNumber),
      'wrong-checksum': fault('idNo', (id) => withWrongCheck(String(id))),
      'missing-value': fault('name', () => null),
      'duplicate-in-file': { field: 'idNo', apply: (_row, firstGood) => ({ ...firstGood }) },
      'unknown-major': { field: 'majorCode', apply: (row) => ({ ...row, major: '不存在的专业', majorCode: '999999' }) },
      'stray-space': fault('name', (name) => `${String(name)} `),
      'line-break': fault('namePinyin', (pinyin) => `${String(pinyin)}\n`),
      'wrong-label': fault('gender', () => '先生'),
    },
  }, options)
