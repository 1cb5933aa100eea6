import type { Answer } from '../outcome.ts'

export interface Person { /** the same for the same question, however often it is asked */ key: string; name: string; idNo: string; photo: Buffer }
/** Compares name, ID number and photo with the register of persons. */
export interface IdentityPort { verify(person: Person): Promise<Answer<{ match: boolean }>> }
