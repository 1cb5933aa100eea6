import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { find, run, say } from './root.mjs'

const isRoot = process.getuid?.() === 0

const hasChineseFonts = () => find('fc-list') !== undefined && spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' }).stdout?.trim() !== ''
const chromium = () => (process.env.CHROMIUM_PATH && existsSync(process.env.CHROMIUM_PATH) ? process.env.CHROMIUM_PATH
  : ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(find).find(Boolean))

/** What may be asked for: whether it is there, the Debian packages that bring it, what is lost without it. */
const NEEDS = {
  chromium: { there: () => chromium() !== undefined, packages: ['chromium'], lost: 'no PDF can be made' },
  fonts: { there: hasChineseFonts, packages: ['fontconfig', 'fonts-noto-cjk', 'fonts-droid-fallback'], lost: 'Chinese text in PDF cannot be printed' },
  poppler: { there: () => find('pdftotext') !== undefined, packages: ['poppler-utils'], lost: 'tests cannot read PDF files' },
  redis: { there: () => find('redis-server') !== undefined, packages: ['redis-server'], lost: 'calling workers through Redis cannot be tested' },
  mariadb: { there: () => (find('mariadbd') ?? find('mysqld')) !== undefined, packages: ['mariadb-server'], lost: 'nothing can be tested on MariaDB' },
}

/** How to become allowed to install: [] as root, sudo without a password, or null. */
const privilege = () => {
  if (isRoot) return []
  return find('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null
}

/** Installs what is missing on Debian and Ubuntu where it may, else says the command. Answers the names still missing. */
export const ensureSystem = (names) => {
  const missing = () => names.filter((name) => !NEEDS[name].there())
  const before = missing()
  if (before.length === 0) return []
  const packages = before.flatMap((name) => NEEDS[name].packages)
  const as = privilege()
  if (find('apt-get') && as) {
    say(`installing ${packages.join(' ')} …`)
    // mariadb-server must not start a server of its own: tests bring up private ones
    const apt = [...as, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
    const aptGet = (...args) => run(apt[0], [...apt.slice(1), ...args])
    aptGet('update', '-qq')
    aptGet('install', '-y', '-qq', '--no-install-recommends', ...packages)
  }
  const still = missing()
  if (still.length > 0) {
    for (const name of still) say(`${name} is missing: ${NEEDS[name].lost}`)
    const sudo = isRoot ? '' : 'sudo '
    say(`install it with: ${sudo}apt-get update && ${sudo}apt-get install -y ${still.flatMap((name) => NEEDS[name].packages).join(' ')}`)
  }
  return still
}
