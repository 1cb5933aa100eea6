import { generatePeople, type Person } from '#server/cli/demo/generator/index.ts'
import type { Site } from '../site.ts'

/** Verified candidates with a photo for all kinds that need somebody: candidate.p0 and so on. */
export const POOL = 24
export const pool = Array.from({ length: POOL }, (_, n) => `p${n}`)
export const invent = (start: number, count: number, seed: number): Person[] =>
  generatePeople({ seed, count, start, school: '北科示范职业学院', idType: '身份证', majors: [{ name: '市场营销', code: '530605', level: '高职专科' }] })

export const seedPool = (site: Site): Promise<void> => seedPeople(site, pool, 1_000)

/** As many as a whole school enters: candidate.m0 and so on. */
export const crowd = Array.from({ length: 1_200 }, (_, n) => `m${n}`)
export const seedCrowd = (site: Site): Promise<void> => seedPeople(site, crowd, 2_000)

async function seedPeople(site: Site, names: string[], start: number): Promise<void> {
  await site.seed('candidate', ['school', 'idType', 'idNo'], Object.fromEntries(invent(start, names.length, 1).map((p, n) => [names[n]!, {
    kind: 'SCHOOL', school: '$organisation.beike', org: '$organisation.beike', name: p.name, namePinyin: p.namePinyin, gender: p.gender, idType: 'ID_CARD', idNo: p.idNo, mobile: p.mobile,
    enrolYear: 2024, majorLevel: 'JUNIOR', major: '$major.marketing', status: 'VERIFIED', photo: `file:face-${1 + (n % 5)}.jpg`,
  }])))
}
