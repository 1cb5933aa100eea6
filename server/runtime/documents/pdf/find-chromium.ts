import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { promisify } from 'node:util'
import { DocumentError } from '../errors.ts'

const run = promisify(execFile)
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const INSTALL = 'apt-get install -y chromium'

/** The configured Chromium, else the first on PATH; throws with what to install. */
export async function findChromium(configured?: string): Promise<string> {
  if (configured) {
    const usable = await access(configured, constants.X_OK).then(() => true, () => false)
    if (usable) return configured
    throw missing(`the configured Chromium ${configured} cannot be executed; correct the setting or leave it empty to search PATH`)
  }
  for (const name of NAMES) {
    const found = await run('/bin/sh', ['-c', `command -v ${name}`]).then(({ stdout }) => stdout.trim(), () => '')
    if (found !== '') return found
  }
  throw missing(`none of ${NAMES.join(', ')} is on PATH; install one, for example: ${INSTALL}`)
}

/** The browser's own version text, such as "Chromium 156.0". */
export async function chromiumVersion(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: 15_000 })
  return stdout.trim()
}

const missing = (message: string): DocumentError => new DocumentError('DOCUMENT_CHROMIUM_MISSING', message, `服务器未安装 Chromium，无法生成 PDF，请联系管理员安装（${INSTALL}）`)
