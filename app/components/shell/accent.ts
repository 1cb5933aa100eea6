// each at least 4.5:1 on white, and white on it
const ACCENTS = ['#1e40af', '#0f766e', '#5b3a9b', '#155e75', '#92400e', '#3f6212'] as const

/** A portal's accent colour: always the same one for the same portal. */
export const accentOf = (portal: string): string => {
  let sum = 0
  for (const character of portal) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return ACCENTS[sum % ACCENTS.length] ?? ACCENTS[0]
}
