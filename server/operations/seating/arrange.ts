import type { Operation, OperationContext } from '#server/runtime/contracts.ts'
import { allocateSeats, type Seeker, type SeatRoom, type TakenSeat } from './rules/allocate-seats.ts'

interface Waiting { id: string; entry: string; candidate: string; site: string; planSubject: string; mode: string | null; startsAt: number; endsAt: number; order: string | null }
interface Seated { planSubject: string; candidate: string; startsAt: number; endsAt: number; room: string; seatNo: number }
interface Room { id: string; site: string; seats: number; name: string; type: string | null; planSubjects: string[] }

/** What is made of each row; the rows themselves are let go batch by batch. */
async function all<R extends object, T>(rows: AsyncIterable<R[]>, make: (row: R) => T): Promise<T[]> {
  const out: T[] = []
  for await (const part of rows) for (const row of part) out.push(make(row))
  return out
}
/** One text for all that read the same: a hundred thousand rows name a few sites and subjects. */
function sharing(): <T extends string | null>(text: T) => T {
  const known = new Map<string, string>()
  return <T extends string | null>(text: T): T => {
    if (text === null) return text
    let one = known.get(text)
    if (one === undefined) known.set(text, (one = text))
    return one as T
  }
}

const TIMES = { startsAt: 'item.planSubject.startsAt', endsAt: 'item.planSubject.endsAt' }
const SEATED = { candidate: 'item.entry.candidate', planSubject: 'item.planSubject', ...TIMES, room: 'item.room', seatNo: 'item.seatNo' }
const COLUMNS = { entry: 'item.entry', candidate: 'item.entry.candidate', site: 'item.entry.site', planSubject: 'item.planSubject', mode: 'item.planSubject.subject.mode', ...TIMES, order: 'item.entry.candidate.number' }

async function seat(plan: string, paidOnly: boolean, ctx: OperationContext) {
  const open = `item.plan = params.plan and item.room = null and item.exempt = false${paidOnly ? ' and item.paid' : ''}`
  const one = sharing()
  const seekers = await all(ctx.query<Waiting>({ entity: 'registration', where: open, params: { plan }, columns: COLUMNS }), (w): Seeker =>
    ({ registration: w.id, person: w.candidate, site: one(w.site), session: one(w.planSubject), mode: one(w.mode), startsAt: w.startsAt, endsAt: w.endsAt, order: `${w.order ?? ''}|${w.entry}`, arrival: Number(w.id) }))
  const taken = await all(ctx.query<Seated>({ entity: 'registration', where: 'item.plan = params.plan and item.room != null', params: { plan }, columns: SEATED }), (t): TakenSeat =>
    ({ room: one(t.room), session: one(t.planSubject), seatNo: t.seatNo, person: t.candidate, startsAt: t.startsAt, endsAt: t.endsAt }))
  const places = await all(ctx.query<Room>({ entity: 'room', where: 'item.plan = params.plan', params: { plan }, columns: { site: 'item.site', seats: 'item.seats', name: 'item.name', type: 'item.roomType', planSubjects: 'item.planSubjects' } }), (r): SeatRoom =>
    ({ room: r.id, site: r.site, seats: r.seats, sessions: r.planSubjects.map(String), name: r.name, ...(r.type ? { modes: r.type.split(',').map((m) => m.trim()) } : {}) }))
  return allocateSeats(seekers, places, taken)
}
/** ids are decimal numbers without leading zeros */
const byId = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

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
    const rows = result.seats.sort((a, b) => byId(a.registration, b.registration))
    await ctx.progress(result.seats.length, result.seats.length + result.left.length)
    return [{ ok: true, output: { rows, seated: result.seats.length, left: result.left.length, refused: result.left.map((l) => ({ registration: l.registration, reason: REASONS[l.reason] })) } }]
  },
}
