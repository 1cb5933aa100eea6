/** Names a candidate may sign in with, the first free one is taken: the mobile number, else the candidate number. */
export function accountNames(person: { mobile: string | null; number: string | null }): string[] {
  const valid = (text: string | null): text is string => text !== null && /^[A-Za-z0-9._@-]{2,40}$/.test(text)
  return [person.mobile, person.number].filter(valid)
}
