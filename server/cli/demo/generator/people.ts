import { seededRandom } from '#server/platform/random.ts'
import { makeIdNumber } from './id-number.ts'
import { makeName } from './names.ts'

export interface Major { name: string; code: string; level: string }

export interface Person {
  index: number
  name: string
  namePinyin: string
  gender: '男' | '女'
  idType: string
  idNo: string
  mobile: string
  enrolYear: number
  majorLevel: string
  major: string
  majorCode: string
  school: string
}

export interface PeopleOptions {
  seed: number
  count: number
  school: string
  majors: readonly Major[]
  /** first index: people of two schools with the same region get ranges that do not overlap */
  start?: number
  /** administrative code of the identity numbers */
  region?: string
  idType?: string
  enrolYears?: readonly number[]
}

/** 154 is assigned to no operator: the numbers look right and ring nobody */
const mobileOf = (index: number): string => `154${String(index % 100_000_000).padStart(8, '0')}`

/** Invented people, the same for the same options. Identity numbers and phone numbers are unique by index. */
export const generatePeople = (options: PeopleOptions): Person[] => {
  const { count, school, majors, start = 0, region = '110105', idType = '居民身份证', enrolYears = [2024, 2025] } = options
  if (majors.length === 0) throw new RangeError('generatePeople needs at least one major')
  const random = seededRandom(options.seed)
  return Array.from({ length: count }, (_, i) => {
    const index = start + i
    const male = random.int(0, 2) === 1
    const { name, pinyin } = makeName(random, i)
    const major = majors[random.int(0, majors.length)] as Major
    return {
      index, name, namePinyin: pinyin, gender: male ? '男' : '女', idType, idNo: makeIdNumber(region, index, male), mobile: mobileOf(index),
      enrolYear: enrolYears[random.int(0, enrolYears.length)] ?? 2025, majorLevel: major.level, major: major.name, majorCode: major.code, school,
    }
  })
}
