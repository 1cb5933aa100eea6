const KEY = 'cf.jobs'
const NONE: string[] = []
const listeners = new Set<() => void>()
let cached: string[] | null = null

const read = (): string[] => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : NONE
  } catch {
    return NONE
  }
}

const write = (ids: string[]): void => {
  cached = ids
  try {
    localStorage.setItem(KEY, JSON.stringify(ids))
  } catch {
    // private browsing: the jobs are followed until the page closes
  }
  for (const listener of listeners) listener()
}

/** The ids of the jobs this browser follows; they survive a reload. */
export const followedJobs = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  list: (): string[] => (cached ??= read()),
  none: (): string[] => NONE,
  start: (id: string): void => write([id, ...followedJobs.list().filter((other) => other !== id)].slice(0, 10)),
  end: (id: string): void => { if (followedJobs.list().includes(id)) write(followedJobs.list().filter((other) => other !== id)) },
}
