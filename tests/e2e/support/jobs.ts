import type { Locator, Page } from 'playwright-core'

const DONE_MS = 60_000

export const jobDrawer = (page: Page): Locator => page.getByRole('dialog', { name: '任务进度' })

/** Waits in the progress drawer for the end of the newest job. */
export async function jobDone(page: Page): Promise<Locator> {
  const card = jobDrawer(page).locator('.job-card').first()
  await card.getByText('已完成', { exact: true }).waitFor({ timeout: DONE_MS })
  return card
}
