import { generatePeople, writeCandidateSheet, type Person } from '#server/cli/demo/generator/index.ts'

const TITLES = { name: '学生姓名', namePinyin: '姓名拼音', gender: '性别', idType: '证件类型', idNo: '证件号码', mobile: '手机号码', enrolYear: '入学年份', majorLevel: '专业层次', major: '就读专业', majorCode: '专业代码' }
const MAJORS = [{ name: '市场营销', code: '530605', level: '高职专科' }]

/** `set` = other people than those of the sets before it; of a city where nobody of the demo was born. */
export const people = (count: number, set = 0): Person[] => generatePeople({ seed: 7 + set, count, start: 10_000 + set * count, region: '120103', school: '北科', majors: MAJORS, idType: '身份证' })
/** A sheet of so many people without mistakes, as the template has it. */
export const writePeople = async (path: string, count: number, set = 0): Promise<void> => { await writeCandidateSheet(path, people(count, set), { titles: TITLES }) }
