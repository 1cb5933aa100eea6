import { seededRandom } from '#server/platform/random.ts'
import { writeArchive } from '#server/runtime/records/archive/write-archive.ts'
import { BLUE, drawFace } from './face.ts'
import { encodeGbk } from './gbk.ts'
import type { Person } from './people.ts'
import { writeStoredZip } from './stored-zip.ts'

export type PhotoFault = 'wrong-size' | 'wrong-background' | 'wrong-extension' | 'too-large' | 'not-an-image' | 'unknown-person'

export interface ExpectedPhoto {
  /** name in the package without folders */
  name: string
  outcome: 'ok' | PhotoFault
  idNo: string
}

export interface PhotoOptions {
  /** time stamped into the package, ms UTC */
  at: number
  seed?: number
  /** encoding of the names, default utf8; with gbk the package has a Chinese folder */
  names?: 'utf8' | 'gbk'
  faults?: Partial<Record<PhotoFault, number>>
  /** adds __MACOSX and .DS_Store as macOS does */
  leftovers?: boolean
}

const OVER_5_MB = 5 * 1024 * 1024 + 1

const photoOf = async (seed: number, outcome: ExpectedPhoto['outcome']): Promise<Buffer> => {
  switch (outcome) {
    case 'wrong-size': return drawFace(seed, { width: 413, height: 626 })
    case 'wrong-background': return drawFace(seed, { background: BLUE })
    case 'wrong-extension': return drawFace(seed, { format: 'png' })
    case 'too-large': return Buffer.concat([await drawFace(seed), Buffer.alloc(OVER_5_MB)])
    case 'not-an-image': return Buffer.from('这不是照片')
    default: return drawFace(seed)
  }
}

const nameOf = (person: Person, outcome: ExpectedPhoto['outcome']): string => `${outcome === 'unknown-person' ? person.name : person.idNo}.jpg`

const plan = (people: readonly Person[], options: PhotoOptions): ExpectedPhoto[] => {
  const faults = (Object.entries(options.faults ?? {}) as [PhotoFault, number][]).flatMap(([kind, n]) => Array.from({ length: n }, () => kind))
  if (faults.length > people.length) throw new RangeError(`${faults.length} faults for ${people.length} photos`)
  const places = seededRandom(options.seed ?? 1).shuffle(people.map((_, i) => i)).slice(0, faults.length)
  const outcomes = new Map(places.map((place, i) => [place, faults[i] as PhotoFault]))
  return people.map((person, i) => {
    const outcome = outcomes.get(i) ?? 'ok'
    return { name: nameOf(person, outcome), outcome, idNo: person.idNo }
  })
}

/** Writes a package of portraits named by identity number; returns what must become of each file. */
export const writePhotoZip = async (path: string, people: readonly Person[], options: PhotoOptions): Promise<ExpectedPhoto[]> => {
  const expected = plan(people, options)
  const folder = options.names === 'gbk' ? '考生照片/' : ''
  const files = async function* (): AsyncGenerator<{ name: string; data: Buffer }> {
    if (options.leftovers) {
      yield { name: '.DS_Store', data: Buffer.from('x') }
      yield { name: `__MACOSX/._${expected[0]?.name ?? 'x'}`, data: Buffer.from('x') }
    }
    for (const [i, photo] of expected.entries()) yield { name: folder + photo.name, data: await photoOf((people[i]?.index ?? i) + 1000 * (options.seed ?? 1), photo.outcome) }
  }
  if (options.names === 'gbk') {
    await writeStoredZip(path, (async function* () { for await (const file of files()) yield { name: encodeGbk(file.name), data: file.data } })())
    // the code page lacks rare characters: what the reader will see
    return expected.map((photo) => ({ ...photo, name: new TextDecoder('gbk').decode(encodeGbk(photo.name)) }))
  }
  await writeArchive(path, (async function* () { for await (const file of files()) yield { name: file.name, source: file.data, stored: true } })(), options.at)
  return expected
}
