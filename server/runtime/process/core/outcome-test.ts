const TEST = /^outcome\s*=\s*"([^"]*)"$/
const IN = /^outcome\s+in\s*[[(]\s*((?:"[^"]*"\s*,?\s*)+)[\])]$/

/** Outcome ids a condition names. */
export const outcomesNamed = (condition: string): string[] =>
  /\boutcome\b/.test(condition) ? [...condition.matchAll(/"([^"]*)"/g)].map(m => m[1] ?? '') : []

function single(text: string, outcome: string | undefined): boolean | null {
  const equal = TEST.exec(text)
  if (equal) return outcome === equal[1]
  const among = IN.exec(text)
  return among ? outcomesNamed(`outcome ${among[1] ?? ''}`).includes(outcome ?? '') : null
}

/** Whether a condition over `outcome` holds; null where it asks something else, too. */
export function holdsFor(condition: string, outcome: string | undefined): boolean | null {
  if (/\bif\b|\bnot\b|\bsatisfies\b/.test(condition)) return null
  const parts = condition.split(/\s+or\s+/).map(part => {
    const tests = part.split(/\s+and\s+/).map(t => single(t.trim(), outcome))
    return tests.includes(false) ? false : tests.includes(null) ? null : true
  })
  return parts.includes(true) ? true : parts.includes(null) ? null : false
}

/** True when nothing but the outcome decides. */
export const asksOutcomeOnly = (condition: string): boolean => ['', ...outcomesNamed(condition)].every(outcome => holdsFor(condition, outcome) !== null)
