import type { Operation, OperationContext } from '#server/runtime/contracts.ts'
import { allocateSeats, type Seeker, type SeatRoom } from './rules/allocate-seats.ts'

interface Waiting { id: string; entry: string; candidate: string; site: string; planSubject: string; mode: string | null; startsAt: number; endsAt: number; order: string | null }
interface Room { id: string; site: string; seats: number; name: string; type: string | null; planSubjects: string[] }
interface Taken extends Waiting { room: string; seatNo: number }

async function all<R extends object>(rows: AsyncIterable<R[]>): Promise<R[]> {
  const out: R[] = []
  for await (const part of rows) for (const row of part) out.push(row)
  return out
}

const COLUMNS = { entry: 'item.entry', candidate: 'item.entry.candidate', site: 'item.entry.site', planSubject: 'item.planSubject', mode: 'item.planSubject.subject.mode', startsAt: 'item.planSubject.startsAt', endsAt: 'item.planSubject.endsAt', order: 'item.entry.candidate.number' }

async function seat(plan: string, paidOnly: boolean, ctx: OperationContext) {
  const open = `item.plan = params.plan and item.room = null and item.exempt = false${paidOnly ? ' and item.paid' : ''}`
  const waiting = await all(ctx.query<Waiting>({ entity: 'registration', where: open, params: { plan }, columns: COLUMNS }))
  const taken = await all(ctx.query<Taken>({ entity: 'registration', where: 'item.plan = params.plan and item.room != null', params: { plan }, columns: { ...COLUMNS, room: 'item.room', seatNo: 'item.seatNo' } }))
  const rooms = await all(ctx.query<Room>({ entity: 'room', where: 'item.plan = params.plan', params: { plan }, columns: { site: 'item.site', seats: 'item.seats', name: 'item.name', type: 'item.roomType', planSubjects: 'item.planSubjects' } }))
  const seekers = waiting.map((w): Seeker => ({ registration: w.id, person: w.candidate, site: w.site, session: w.planSubject, mode: w.mode, startsAt: w.startsAt, endsAt: w.endsAt, order: `${w.order ?? ''}|${w.entry}`, arrival: Number(w.id) }))
  const places = rooms.map((r): SeatRoom => ({ room: r.id, site: r.site, seats: r.seats, sessions: r.planSubjects.map(String), name: r.name, ...(r.type ? { modes: r.type.split(',').map((m) => m.trim()) } : {}) }))
  return allocateSeats(seekers, places, taken.map((t) => ({ room: t.room, session: t.planSubject, seatNo: t.seatNo, person: t.candidate, startsAt: t.startsAt, endsAt: t.endsAt })))
}

const REASONS = { noRoom: '考核站点没有可用于该科目的考场', full: '考场考位不足', clash: '与已排考的科目时间重叠' }

/** Seats everybody of a plan who has no seat yet; running it again seats only who came since. */
export const arrange: Operation = {
  contract: {
    id: 'seating/arrange', version: 1, title: { zh: '编排考位', en: 'Arrange seats' },
    input: { type: 'object', properties: { plan: { type: 'string' }, paidOnly: { type: 'boolean' } }, required: ['plan'], additionalProperties: false },
    output: { type: 'object', properties: { rows: { type: 'array' }, seated: { type: 'integer' }, left: { type: 'integer' }, refused: { type: 'array' } }, required: ['rows'] },
    set: false, idempotent: 'pure', reversible: true, timeout: 600_000, retries: 3, reads: [],
  },
  async run(inputs, ctx) {
    const [{ input }] = inputs as [(typeof inputs)[number]]
    const result = await seat(String(input['plan']), input['paidOnly'] === true, ctx)
    // in the order in which registrations are stored: a seat then touches rows and indexes beside those of the seat before
    const rows = result.seats.map((seat) => ({ seat, id: Number(seat.registration) })).sort((a, b) => a.id - b.id).map(({ seat }) => seat)
    await ctx.progress(result.seats.length, result.seats.length + result.left.length)
    return [{ ok: true, output: { rows, seated: result.seats.length, left: result.left.length, refused: result.left.map((l) => ({ registration: l.registration, reason: REASONS[l.reason] })) } }]
  },
}
