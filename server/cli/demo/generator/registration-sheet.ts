import { asNumber, fault, writeFaultySheet } from './faulty-sheet.ts'
import type { ExpectedRow, SheetOptions } from './faulty-sheet.ts'
import { makeIdNumber } from './id-number.ts'
import type { Person } from './people.ts'

export type RegistrationField = 'name' | 'idNo' | 'type' | 'certNo' | 'cert' | 'level' | 'siteNo' | 'group' | 'subjectNo' | 'subject'
export type RegistrationFault = 'numeric-id' | 'unknown-person' | 'wrong-name' | 'unknown-certificate' | 'unknown-site' | 'missing-value' | 'duplicate-in-file' | 'stray-space' | 'line-break'

/** What all rows of one sheet register for. */
export interface RegistrationTarget { type: string; certNo: string; cert: string; level: string; siteNo: string; group?: string; subjectNo?: string; subject?: string }

/** Identity numbers of a region no generated person has. */
const STRANGER_REGION = '990000'

/** Writes a registration sheet for people; returns what must become of each row. */
export const writeRegistrationSheet = (path: string, people: readonly Person[], target: RegistrationTarget, options: SheetOptions<RegistrationField, RegistrationFault>): Promise<ExpectedRow[]> =>
  writeFaultySheet<RegistrationField, RegistrationFault>(path, {
    rows: people.map(({ name, idNo }) => ({ name, idNo, type: target.type, certNo: target.certNo, cert: target.cert, level: target.level, siteNo: target.siteNo, group: target.group ?? null, subjectNo: target.subjectNo ?? null, subject: target.subject ?? null })),
    keyOf: (row) => String(row.idNo),
    faults: {
      'numeric-id': fault('idNo', asNumber),
      'unknown-person': fault('idNo', (id) => makeIdNumber(STRANGER_REGION, Number(String(id).slice(10, 14)), true)),
      'wrong-name': fault('name', (name) => `${String(name)}甲`),
      'unknown-certificate': fault('certNo', (number) => `${String(number)}9`),
      'unknown-site': fault('siteNo', (number) => `${String(number)}9`),
      'missing-value': fault('certNo', () => null),
      'duplicate-in-file': { field: 'idNo', apply: (_row, firstGood) => ({ ...firstGood }) },
      'stray-space': fault('siteNo', (number) => ` ${String(number)}`),
      'line-break': fault('cert', (cert) => `${String(cert)}\n`),
    },
  }, options)
