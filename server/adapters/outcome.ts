/** What an outside system answered. `retry` = the same request may succeed later; otherwise somebody has to change something. */
export type Failure = { ok: false; code: string; message: string; retry: boolean }
export type Answer<T> = ({ ok: true } & T) | Failure
