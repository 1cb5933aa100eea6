import { describe, expect, it } from 'vitest'
import { assertFonts, fontsAvailable } from './fonts.ts'

const families = (text: string) => (): Promise<string> => Promise.resolve(text)

describe('fonts', () => {
  it('refuses to print boxes and says what to install', async () => {
    await expect(assertFonts(families('DejaVu Sans\nLiberation Serif'))).rejects.toMatchObject({ code: 'DOCUMENT_FONTS_MISSING', message: expect.stringContaining('fonts-noto-cjk') as string })
  })
  it('warns that rare characters need a second font', async () => {
    expect(await fontsAvailable(families('Droid Sans Fallback'))).toMatchObject({ ok: true, rareCharacters: false, advice: expect.stringContaining('rare characters') as string })
  })
  it('is content with both kinds, also in lists of names', async () => {
    expect(await fontsAvailable(families('Noto Sans CJK SC,Noto Sans CJK SC Regular\nDroid Sans Fallback'))).toMatchObject({ ok: true, rareCharacters: true, advice: null })
  })
})
