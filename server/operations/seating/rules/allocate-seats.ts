/** One candidate for one subject of a plan. `group` keeps a person's subjects together. */
export interface Seeker { registration: string; person: string; site: string; session: string; startsAt: number; endsAt: number; order: string }
/** A room of a site; `sessions` are the subjects it serves. */
export interface SeatRoom { room: string; site: string; seats: number; sessions: string[]; name: string }
export interface Seat { registration: string; room: string; seatNo: number }
export interface Allocation { seats: Seat[]; left: { registration: string; reason: 'noRoom' | 'full' | 'clash' }[] }

/**
 * Fills rooms in order of name, seats 1..n per room and subject; taken seats stay taken. A person who already sits at the same
 * time elsewhere is left out. Deterministic for one order of seekers: `order` decides who gets which seat.
 */
export function allocateSeats(seekers: Seeker[], rooms: SeatRoom[], taken: { room: string; session: string; seatNo: number; person: string; startsAt: number; endsAt: number }[]): Allocation {
  const used = new Map<string, Set<number>>()
  const busy = new Map<string, [number, number][]>()
  const seatsOf = (room: string, session: string) => { const k = `${room}|${session}`; const s = used.get(k) ?? new Set<number>(); used.set(k, s); return s }
  const sit = (person: string, from: number, to: number) => busy.set(person, [...(busy.get(person) ?? []), [from, to]])
  for (const t of taken) { seatsOf(t.room, t.session).add(t.seatNo); sit(t.person, t.startsAt, t.endsAt) }
  const bySite = new Map<string, SeatRoom[]>()
  for (const r of [...rooms].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.room < b.room ? -1 : 1))) bySite.set(r.site, [...(bySite.get(r.site) ?? []), r])
  const next = new Map<string, number>()
  const out: Allocation = { seats: [], left: [] }
  for (const s of [...seekers].sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))) {
    if ((busy.get(s.person) ?? []).some(([from, to]) => s.startsAt < to && from < s.endsAt)) { out.left.push({ registration: s.registration, reason: 'clash' }); continue }
    const fit = (bySite.get(s.site) ?? []).filter((r) => r.sessions.includes(s.session))
    const room = fit.find((r) => seatsOf(r.room, s.session).size < r.seats)
    if (!room) { out.left.push({ registration: s.registration, reason: fit.length ? 'full' : 'noRoom' }); continue }
    const seats = seatsOf(room.room, s.session)
    const key = `${room.room}|${s.session}`
    let n = next.get(key) ?? 1
    while (seats.has(n)) n++
    seats.add(n)
    next.set(key, n + 1)
    sit(s.person, s.startsAt, s.endsAt)
    out.seats.push({ registration: s.registration, room: room.room, seatNo: n })
  }
  return out
}
