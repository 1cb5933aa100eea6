import { compareKeys, naturalKey } from '#server/platform/natural-order.ts'
import { NOBODY, RoomPlaces } from './room-places.ts'

/** One candidate for one subject of a plan, whose `mode` is that of the subject. `order` decides who sits where, `arrival` who comes first when places are short. */
export interface Seeker { registration: string; person: string; site: string; session: string; mode?: string | null; startsAt: number; endsAt: number; order: string; arrival: number }
/** A room of a site; `sessions` are the subjects it serves, `modes` the ways of examining it is fit for (absent = all). */
export interface SeatRoom { room: string; site: string; seats: number; sessions: string[]; modes?: string[]; name: string }
export interface TakenSeat { room: string; session: string; seatNo: number; person: string; startsAt: number; endsAt: number }
export interface Seat { registration: string; room: string; seatNo: number }
export type LeftReason = 'noRoom' | 'full' | 'clash'
export interface Allocation { seats: Seat[]; left: { registration: string; reason: LeftReason }[] }

/**
 * Rooms of a site are filled in the order people read their names, seats from 1 per room and subject; taken seats stay taken.
 * Where places are short, who registered first is seated; a person is never in two places at once, the earlier registration counts.
 * Linear in seekers and seats beside the sorting; the same input in any order gives the same seats.
 */
export function allocateSeats(seekers: Seeker[], rooms: SeatRoom[], taken: TakenSeat[]): Allocation {
  const sites = placesOf(rooms, taken, new Map(seekers.map((s) => [s.session, s.mode ?? null])))
  const busy = new Map<string, [number, number][]>()
  for (const t of taken) sit(busy, t.person, t.startsAt, t.endsAt)
  const out: Allocation = { seats: [], left: [] }
  for (const s of sorted(seekers, (a, b) => a.arrival - b.arrival || compareText(a.registration, b.registration))) {
    const places = sites.get(s.site)?.get(s.session)
    const reason = refusal(s, places, busy)
    if (reason) { out.left.push({ registration: s.registration, reason }); continue }
    sit(busy, s.person, s.startsAt, s.endsAt)
    places!.admitted.push(s)
  }
  const all = [...sites.values()].flatMap((sessions) => [...sessions.values()])
  for (const places of sorted(all, (a, b) => compareText(a.key, b.key))) seatAll(places, out.seats)
  return out
}

/** What a site has for a session, and who is to sit there. */
interface Places { key: string; rooms: RoomPlaces[]; capacity: number; admitted: Seeker[] }
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const sorted = <T>(list: T[], by: (a: T, b: T) => number): T[] => [...list].sort(by)

/** By site and session, so that a seeker is answered in one step. */
function placesOf(rooms: SeatRoom[], taken: TakenSeat[], modes: Map<string, string | null>): Map<string, Map<string, Places>> {
  const used = new Map<string, Set<number>>()
  for (const t of taken) {
    const key = JSON.stringify([t.room, t.session])
    const set = used.get(key)
    if (set) set.add(t.seatNo); else used.set(key, new Set([t.seatNo]))
  }
  const keys = new Map(rooms.map((r) => [r.room, naturalKey(r.name)]))
  const out = new Map<string, Map<string, Places>>()
  for (const r of sorted(rooms, (a, b) => compareKeys(keys.get(a.room)!, keys.get(b.room)!) || compareText(a.room, b.room))) {
    let sessions = out.get(r.site)
    if (!sessions) out.set(r.site, (sessions = new Map()))
    for (const session of new Set(r.sessions)) {
      const mode = modes.get(session) ?? null
      if (mode !== null && r.modes && !r.modes.includes(mode)) continue
      const place = new RoomPlaces(r.room, r.seats, used.get(JSON.stringify([r.room, session])) ?? NOBODY)
      let found = sessions.get(session)
      if (!found) sessions.set(session, (found = { key: JSON.stringify([r.site, session]), rooms: [], capacity: 0, admitted: [] }))
      found.rooms.push(place)
      found.capacity += place.left
    }
  }
  return out
}

function refusal(s: Seeker, places: Places | undefined, busy: Map<string, [number, number][]>): LeftReason | null {
  if (!places) return 'noRoom'
  if (busy.get(s.person)?.some(([from, to]) => s.startsAt < to && from < s.endsAt)) return 'clash'
  return places.admitted.length >= places.capacity ? 'full' : null
}

function sit(busy: Map<string, [number, number][]>, person: string, from: number, to: number): void {
  const list = busy.get(person)
  if (list) list.push([from, to]); else busy.set(person, [[from, to]])
}

function seatAll(places: Places, seats: Seat[]): void {
  let at = 0
  for (const s of sorted(places.admitted, (a, b) => compareText(a.order, b.order) || compareText(a.registration, b.registration))) {
    while (places.rooms[at]!.left === 0) at++
    const room = places.rooms[at]!
    seats.push({ registration: s.registration, room: room.room, seatNo: room.take() })
  }
}
