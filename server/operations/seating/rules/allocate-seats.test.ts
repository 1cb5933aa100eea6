import { describe, expect, it } from 'vitest'
import { seededRandom, type Random } from '#server/platform/random.ts'
import { allocateSeats, type Seeker, type SeatRoom, type TakenSeat } from './allocate-seats.ts'

const seeker = (n: number, more: Partial<Seeker> = {}): Seeker => ({ registration: `r${n}`, person: `p${n}`, site: 's', session: 'a', startsAt: 0, endsAt: 60, order: String(n).padStart(6, '0'), arrival: n, ...more })
const room = (name: string, seats: number, more: Partial<SeatRoom> = {}): SeatRoom => ({ room: name, site: 's', seats, sessions: ['a'], name, ...more })
const seatOf = (result: ReturnType<typeof allocateSeats>, registration: string) => result.seats.find((s) => s.registration === registration)

describe('allocating seats', () => {
  it('fills rooms in the order people read their names and numbers seats from 1', () => {
    const result = allocateSeats([1, 2, 3, 4].map((n) => seeker(n)), [room('第10考场', 2), room('第2考场', 3)], [])
    expect(result.seats.map((s) => [s.registration, s.room, s.seatNo])).toEqual([['r1', '第2考场', 1], ['r2', '第2考场', 2], ['r3', '第2考场', 3], ['r4', '第10考场', 1]])
    expect(result.left).toEqual([])
  })

  it('gives short places to those who registered first and seats them by their number', () => {
    const late = seeker(1, { arrival: 99 })
    const result = allocateSeats([late, seeker(3), seeker(2)], [room('一', 2)], [])
    expect(result.left).toEqual([{ registration: 'r1', reason: 'full' }])
    expect(seatOf(result, 'r2')?.seatNo).toBe(1)
    expect(seatOf(result, 'r3')?.seatNo).toBe(2)
  })

  it('says why somebody has no seat: no room for the subject, no place left, two subjects at once', () => {
    const result = allocateSeats(
      [seeker(1), seeker(2), seeker(3, { session: 'b' }), seeker(4, { person: 'p1', session: 'c', startsAt: 30, endsAt: 90 })],
      [room('一', 1), room('二', 9, { sessions: ['c'] })], [],
    )
    expect(result.left).toEqual([{ registration: 'r2', reason: 'full' }, { registration: 'r3', reason: 'noRoom' }, { registration: 'r4', reason: 'clash' }])
  })

  it('seats a person for a subject that begins when the other ends', () => {
    const result = allocateSeats([seeker(1), seeker(2, { person: 'p1', session: 'b', startsAt: 60, endsAt: 120 })], [room('一', 5, { sessions: ['a', 'b'] })], [])
    expect(result.seats.map((s) => [s.registration, s.seatNo])).toEqual([['r1', 1], ['r2', 1]])
  })

  it('leaves taken seats to whoever has them and uses the gaps between them', () => {
    const taken: TakenSeat[] = [{ room: '一', session: 'a', seatNo: 2, person: 'x', startsAt: 0, endsAt: 60 }]
    const result = allocateSeats([seeker(1), seeker(2), seeker(3)], [room('一', 3)], taken)
    expect(result.seats.map((s) => s.seatNo)).toEqual([1, 3])
    expect(result.left).toEqual([{ registration: 'r3', reason: 'full' }])
  })

  it('does not seat somebody who already sits elsewhere at that time', () => {
    const result = allocateSeats([seeker(1)], [room('一', 3)], [{ room: 'other', session: 'b', seatNo: 1, person: 'p1', startsAt: 59, endsAt: 70 }])
    expect(result.left).toEqual([{ registration: 'r1', reason: 'clash' }])
  })

  it('uses only rooms that are fit for the way of examining', () => {
    const rooms = [room('一', 9, { modes: ['笔试'] }), room('二', 9, { modes: ['笔试', '机考+实操'] })]
    expect(allocateSeats([seeker(1, { mode: '机考+实操' })], rooms, []).seats[0]?.room).toBe('二')
    expect(allocateSeats([seeker(1, { mode: '口试' })], rooms, []).left).toEqual([{ registration: 'r1', reason: 'noRoom' }])
  })

  it('never uses rooms of another site', () => {
    expect(allocateSeats([seeker(1)], [room('一', 9, { site: 'other' })], []).left).toEqual([{ registration: 'r1', reason: 'noRoom' }])
  })

  it('admits nobody to a room that holds more people than it has seats', () => {
    const taken = [1, 2, 7].map((seatNo): TakenSeat => ({ room: '一', session: 'a', seatNo, person: `x${seatNo}`, startsAt: 0, endsAt: 60 }))
    expect(allocateSeats([seeker(1)], [room('一', 3)], taken).left).toEqual([{ registration: 'r1', reason: 'full' }])
  })
})

interface World { seekers: Seeker[]; rooms: SeatRoom[]; taken: TakenSeat[] }
const SESSIONS = [{ id: 'a', from: 0, to: 60 }, { id: 'b', from: 30, to: 90 }, { id: 'c', from: 90, to: 150 }]
function world(random: Random, withTaken: boolean): World {
  const sites = ['s1', 's2']
  const pick = <T>(list: readonly T[]): T => list[random.int(0, list.length)]!
  const rooms = Array.from({ length: random.int(0, 9) }, (_, i): SeatRoom => ({ room: `room${i}`, site: pick(sites), seats: random.int(1, 12), sessions: SESSIONS.filter(() => random.int(0, 3) > 0).map((s) => s.id), name: `第${random.int(1, 30)}考场` }))
  const people = random.int(1, 40)
  const seekers = Array.from({ length: random.int(0, 90) }, (_, i): Seeker => {
    const s = pick(SESSIONS)
    return { registration: `r${i}`, person: `p${random.int(0, people)}`, site: pick(sites), session: s.id, startsAt: s.from, endsAt: s.to, order: `o${random.int(0, 50)}`, arrival: random.int(0, 1000) }
  })
  const taken: TakenSeat[] = []
  if (withTaken) for (const r of rooms) for (const s of SESSIONS.filter((x) => r.sessions.includes(x.id))) for (let n = 1; n <= r.seats; n++)
    if (random.int(0, 4) === 0) taken.push({ room: r.room, session: s.id, seatNo: n, person: `t${r.room}${s.id}${n}`, startsAt: s.from, endsAt: s.to })
  return { seekers, rooms, taken }
}
const each = (count: number, withTaken: boolean, check: (w: World, random: Random) => void): void => { for (let seed = 1; seed <= count; seed++) { const random = seededRandom(seed); check(world(random, withTaken), random) } }
const count = <T>(list: T[], key: (x: T) => string): Map<string, number> => { const m = new Map<string, number>(); for (const x of list) m.set(key(x), (m.get(key(x)) ?? 0) + 1); return m }

describe('whatever the candidates and rooms are', () => {
  it('every registration is seated once or left with a reason', () => {
    each(200, true, ({ seekers, rooms, taken }) => {
      const r = allocateSeats(seekers, rooms, taken)
      expect([...r.seats, ...r.left].map((x) => x.registration).sort()).toEqual(seekers.map((s) => s.registration).sort())
    })
  })

  it('no room holds more than it has seats, no seat is given twice, none that was taken', () => {
    each(200, true, ({ seekers, rooms, taken }) => {
      const r = allocateSeats(seekers, rooms, taken)
      const of = new Map(seekers.map((s) => [s.registration, s]))
      const all = [...r.seats.map((s) => ({ room: s.room, session: of.get(s.registration)!.session, seatNo: s.seatNo })), ...taken]
      for (const n of count(all, (x) => `${x.room}|${x.session}|${x.seatNo}`).values()) expect(n).toBe(1)
      const seats = new Map(rooms.map((x) => [x.room, x.seats]))
      for (const x of all) expect(x.seatNo).toBeLessThanOrEqual(seats.get(x.room)!)
      for (const s of r.seats) {
        const at = rooms.find((x) => x.room === s.room)!
        expect(at.site).toBe(of.get(s.registration)!.site)
        expect(at.sessions).toContain(of.get(s.registration)!.session)
      }
    })
  })

  it('nobody sits in two places at one time', () => {
    each(200, true, ({ seekers, rooms, taken }) => {
      const of = new Map(seekers.map((s) => [s.registration, s]))
      const sat = allocateSeats(seekers, rooms, taken).seats.map((s) => of.get(s.registration)!)
      for (const [i, a] of sat.entries()) for (const b of sat.slice(i + 1)) if (a.person === b.person) expect(a.startsAt < b.endsAt && b.startsAt < a.endsAt).toBe(false)
    })
  })

  it('seats are contiguous from 1 where nothing was taken', () => {
    each(200, false, ({ seekers, rooms }) => {
      const of = new Map(seekers.map((s) => [s.registration, s]))
      const groups = new Map<string, number[]>()
      for (const s of allocateSeats(seekers, rooms, []).seats) { const k = `${s.room}|${of.get(s.registration)!.session}`; groups.set(k, [...(groups.get(k) ?? []), s.seatNo]) }
      for (const numbers of groups.values()) expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1))
    })
  })

  it('the result does not depend on the order in which anything is given', () => {
    each(100, true, ({ seekers, rooms, taken }, random) => {
      const bySeat = (r: ReturnType<typeof allocateSeats>) => [...r.seats].sort((a, b) => (a.registration < b.registration ? -1 : 1))
      expect(bySeat(allocateSeats(random.shuffle(seekers), random.shuffle(rooms), random.shuffle(taken)))).toEqual(bySeat(allocateSeats(seekers, rooms, taken)))
    })
  })

  it('running it again for those who were left changes nobody', () => {
    each(100, false, ({ seekers, rooms }) => {
      const first = allocateSeats(seekers, rooms, [])
      const of = new Map(seekers.map((s) => [s.registration, s]))
      const taken = first.seats.map((s): TakenSeat => { const k = of.get(s.registration)!; return { room: s.room, session: k.session, seatNo: s.seatNo, person: k.person, startsAt: k.startsAt, endsAt: k.endsAt } })
      const again = allocateSeats(first.left.map((l) => of.get(l.registration)!), rooms, taken)
      expect(again.seats).toEqual([])
    })
  })
})
