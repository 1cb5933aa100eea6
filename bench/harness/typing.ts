import type { Page } from 'playwright-core'
import { check, median, percentile } from './measure.ts'

export interface Typing { middle: number; p95: number; worst: number; longTask: number }

/**
 * Notes of each key how long it took until the screen showed it: from the time the browser stamped on the event to the first task
 * after the next frame has been made. Also the longest task the page was busy with since it was last asked.
 */
const WATCH = `(() => {
  const seen = window.typed = { times: [], tasks: [] };
  addEventListener('keydown', (event) => {
    requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => seen.times.push(performance.now() - event.timeStamp); port2.postMessage(0); });
  }, true);
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.tasks.push(entry.duration); }).observe({ type: 'longtask' });
})()`
interface Seen { times: number[]; tasks: number[] }

export const watch = (page: Page): Promise<unknown> => page.evaluate(WATCH)
const take = (page: Page): Promise<Seen> => page.evaluate('(() => { const { times, tasks } = window.typed; window.typed.times = []; window.typed.tasks = []; return { times, tasks } })()')

/** Types into the focused field as a quick typist does, a key every 90 ms; then the pause in which the form takes the text over. */
export async function typeKeys(page: Page, keys: number): Promise<Typing> {
  await take(page)
  await page.keyboard.type('abcdefghij'.repeat(Math.ceil(keys / 10)).slice(0, keys), { delay: 90 })
  await page.waitForTimeout(1_200)
  return summary(await take(page), keys)
}

/** A single key, such as the one that leaves a cell. */
export async function pressKey(page: Page, key: string): Promise<number> {
  await take(page)
  await page.keyboard.press(key)
  await page.waitForTimeout(1_200)
  const { times } = await take(page)
  check(times.length === 1, `${times.length} keys were seen`)
  return times[0]!
}

function summary({ times, tasks }: Seen, keys: number): Typing {
  check(times.length === keys, `${times.length} of ${keys} keys were shown`)
  return { middle: median(times), p95: percentile(times, 0.95), worst: Math.max(...times), longTask: Math.max(0, ...tasks) }
}
