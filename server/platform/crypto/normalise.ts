const digits = (v: string): string => v.normalize('NFKC').replace(/[\s\u200b-]/g, '')

const RULES: Record<string, (v: string) => string> = {
  idNumber: (v) => digits(v).toUpperCase(),
  phone: (v) => digits(v).replace(/^\+?86(?=1\d{10}$)/, ''),
  email: (v) => v.normalize('NFKC').trim().toLowerCase(),
}

/** One spelling per value, so that equality over encrypted columns works. Kinds without a rule are trimmed. */
export const normalise = (kind: string, value: string): string => {
  const rule = Object.hasOwn(RULES, kind) ? RULES[kind] : undefined
  return rule ? rule(value) : value.normalize('NFKC').trim()
}
