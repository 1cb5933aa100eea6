/** Free seats of one room for one session, lowest number first. Taken numbers are skipped, each once. */
export class RoomPlaces {
  private next = 1
  private free: number
  constructor(readonly room: string, private readonly seats: number, private readonly taken: ReadonlySet<number>) {
    let within = 0
    for (const n of taken) if (n >= 1 && n <= seats) within++
    // a seat beyond the room's number still has somebody in it
    this.free = Math.max(0, seats - Math.max(within, taken.size))
  }
  get left(): number { return this.free }
  take(): number {
    while (this.taken.has(this.next)) this.next++
    this.free--
    return this.next++
  }
}
export const NOBODY: ReadonlySet<number> = new Set()
