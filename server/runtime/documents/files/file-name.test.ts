import { describe, expect, it } from 'vitest'
import { cleanFileName, uniqueName } from './file-name.ts'

describe('file names', () => {
  it.each([
    ['../../etc/passwd', 'pdf', '_.._etc_passwd.pdf'],
    ['a:b*c?"d"<e>|f', 'pdf', 'a_b_c__d__e__f.pdf'],
    ['王小八(2021)-证书准考证.pdf', 'pdf', '王小八(2021)-证书准考证.pdf'],
    ['CON', 'pdf', '_CON.pdf'],
    ['  .hidden. ', 'xlsx', 'hidden.xlsx'],
    ['gpj\u202Efdp.exe', 'pdf', 'gpjfdp.exe.pdf'],
    ['甲\n乙\u0000', 'pdf', '甲乙.pdf'],
    ['///', 'pdf', '___.pdf'],
    ['', 'pdf', 'document.pdf'],
  ])('makes %j safe on every file system', (name, extension, safe) => {
    expect(cleanFileName(name, extension)).toBe(safe)
  })
  it('cuts a long name between characters and keeps its extension', () => {
    const name = cleanFileName('𠮷'.repeat(200), 'pdf')
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240)
    expect(name).toBe(`${'𠮷'.repeat(59)}.pdf`)
  })
  it('numbers names that are taken, without regard to case', () => {
    const taken = new Set<string>()
    expect(['A.pdf', 'a.pdf', 'A.pdf', 'B.pdf'].map((name) => uniqueName(name, taken))).toEqual(['A.pdf', 'a (2).pdf', 'A (3).pdf', 'B.pdf'])
  })
})
