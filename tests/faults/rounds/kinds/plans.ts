import type { Site } from '../site.ts'

const DAY = 86_400_000
const at = (ms: number): string => new Date(ms).toISOString()

export interface PlanTimes { registrationEnd: number; seatingEnd: number; publicityEnd?: number }
/** One exam plan with its two subjects: exam-plan.NAME, plan-subject.NAME.1 and .2. */
export async function seedPlan(site: Site, name: string, { registrationEnd, seatingEnd, publicityEnd = seatingEnd + 40 * DAY }: PlanTimes): Promise<void> {
  const range = (start: number, end: number) => ({ start: at(start), end: at(end) })
  const exam = seatingEnd + 7 * DAY
  await site.seed('exam-plan', ['name'], {
    [name]: {
      org: '$organisation.itmc', name: `考试计划${name}`, year: 2026, certificates: ['$certificate.mid'], regMode: 'BY_CERT', examStart: at(exam), regWindow: range(registrationEnd - 10 * DAY, registrationEnd),
      arrWindow: range(registrationEnd, seatingEnd), examWindow: range(exam, exam + DAY / 3), scoreWindow: range(exam + DAY, exam + 10 * DAY), publicity: range(exam + 10 * DAY, publicityEnd),
      schools: ['$organisation.beike'], passRule: '0.3×理论 + 0.7×实操 ≥ 60', notice: '<p>须知</p>', status: 'PUBLISHED',
    },
  })
  await site.seed('plan-subject', ['plan', 'subject'], {
    [`${name}.1`]: { plan: `$exam-plan.${name}`, subject: '$subject.mid-theory', startOffset: 0, durationMin: 120 },
    [`${name}.2`]: { plan: `$exam-plan.${name}`, subject: '$subject.mid-practical', startOffset: 300, durationMin: 120 },
  })
}

/** Entries of people with both subjects: entry.NAME.0 and so on, registration.NAME.0.1 and .2. */
export async function seedEntries(site: Site, name: string, people: string[], values: Record<string, number> = {}): Promise<void> {
  await site.seed('entry', ['plan', 'candidate', 'certificate'], Object.fromEntries(people.map((who, n) => [`${name}.${n}`, { plan: `$exam-plan.${name}`, candidate: `$candidate.${who}`, certificate: '$certificate.mid', candidateType: 'SCHOOL', site: '$exam-site.beike' }])))
  await site.seed('registration', ['entry', 'planSubject'], Object.fromEntries(people.flatMap((_, n) => [1, 2].map((s) => [`${name}.${n}.${s}`, { entry: `$entry.${name}.${n}`, planSubject: `$plan-subject.${name}.${s}`, ...values }]))))
}

export async function seedRooms(site: Site, name: string, rooms: number, seats: number): Promise<void> {
  await site.seed('room', ['plan', 'site', 'certificate', 'name'], Object.fromEntries(Array.from({ length: rooms }, (_, n) => [`${name}.${n}`, {
    plan: `$exam-plan.${name}`, site: '$exam-site.beike', certificate: '$certificate.mid', planSubjects: [`$plan-subject.${name}.1`, `$plan-subject.${name}.2`], school: '$organisation.beike', org: '$organisation.beike',
    name: `第${n + 1}考场`, province: '$region.110000', city: '$region.110100', district: '$region.110108', address: '示范路1号2号楼', seats,
  }])))
}
