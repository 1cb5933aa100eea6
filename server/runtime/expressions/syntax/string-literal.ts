const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' }

/** The text between the quotes; an unknown escape such as \d stays as written, so that patterns read as usual. */
export const stringValue = (literal: string): string =>
  literal.slice(1, -1).replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([\s\S]))/g,
    (all, braced: string | undefined, four: string | undefined, six: string | undefined, one: string | undefined) => {
      const hex = braced ?? four ?? six
      if (hex !== undefined) return parseInt(hex, 16) <= 0x10ffff ? String.fromCodePoint(parseInt(hex, 16)) : all
      return ESCAPES[one!] ?? all
    })
