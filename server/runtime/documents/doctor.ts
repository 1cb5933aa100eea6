import { chromiumVersion, findChromium } from './pdf/find-chromium.ts'
import { fontsAvailable, type FontReport } from './pdf/fonts.ts'

export interface DocumentsHealth {
  ok: boolean
  chromium: { ok: boolean; path?: string; version?: string; sandbox: boolean; advice: string | null }
  fonts: FontReport
}

/** Whether documents can be printed here, and what to install or change if not. */
export async function checkDocumentsHealth(chromiumPath?: string): Promise<DocumentsHealth> {
  const sandbox = process.getuid?.() !== 0
  const fonts = await fontsAvailable()
  try {
    const path = await findChromium(chromiumPath)
    const version = await chromiumVersion(path)
    const advice = sandbox ? null : 'running as root switches Chromium\'s sandbox off; run the service as an ordinary user'
    return { ok: fonts.ok, chromium: { ok: true, path, version, sandbox, advice }, fonts }
  } catch (error) {
    return { ok: false, chromium: { ok: false, sandbox, advice: (error as Error).message }, fonts }
  }
}
