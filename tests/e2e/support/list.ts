import type { Locator, Page } from 'playwright-core'

/** Menu entries whose pages have several lists, by the title of the list. */
const PAGE_OF: Record<string, string> = { 院校考生管理: '考生管理', 社会考生管理: '考生管理', 考核站点申报: '考核站点', 考核站点分配查询: '考核站点', 考核站点编排: '排考管理', 考场编排: '排考管理', 排考明细: '排考管理' }

/** Follows an entry of the menu to its list, or to the tab of a page with several. */
export async function openList(page: Page, title: string): Promise<void> {
  const heading = page.getByRole('heading', { level: 1, name: title, exact: true })
  await page.getByRole('navigation', { name: '菜单' }).getByRole('link', { name: PAGE_OF[title] ?? title, exact: true }).click()
  if (!PAGE_OF[title]) return heading.waitFor()
  const tab = page.locator('.list-lists').getByRole('tab', { name: title, exact: true })
  await tab.waitFor()
  for (let tries = 0; tries < 10; tries++) {
    if (await heading.waitFor({ timeout: 1_000 }).then(() => true, () => false)) return
    await tab.click()
  }
  throw new Error(`the list ${title} does not open from ${page.url()}`)
}

/** The row that shows all the texts. */
export const rowWith = (page: Page, ...texts: string[]): Locator =>
  texts.reduce((rows, text) => rows.filter({ hasText: text }), page.locator('tbody tr.ant-table-row'))

/** Presses a tab until it is chosen: the page may have been drawn before its scripts listen. */
export async function openTab(page: Page, title: string): Promise<void> {
  const tab = page.getByRole('tab', { name: title })
  for (let tries = 0; tries < 10; tries++) {
    await tab.click()
    if (await tab.and(page.locator('[aria-selected=true]')).waitFor({ timeout: 1_000 }).then(() => true, () => false)) return
  }
  throw new Error(`the tab ${title} does not open on ${page.url()}`)
}

/** Opens the record of a row by its first link. */
export async function openRow(page: Page, ...texts: string[]): Promise<void> {
  await rowWith(page, ...texts).first().locator('a[href^="/r/"]').first().click()
  await page.locator('.record-page').waitFor()
}

export async function tickAll(page: Page): Promise<void> {
  await page.locator('thead .ant-checkbox-input').first().check()
}

/** Chooses the record that a list wants to have chosen before it shows rows. */
export async function chooseFirst(page: Page, text: string): Promise<void> {
  await page.locator('.list-need').getByRole('button', { name: text }).click()
  await page.locator('tbody tr.ant-table-row').first().waitFor()
}

const SOON_MS = 30_000

/** Looks again until what the server does by itself (a timer, a job) has come to the page. */
export async function reloadUntil(page: Page, there: Locator): Promise<void> {
  const until = Date.now() + SOON_MS
  while (!(await there.isVisible())) {
    if (Date.now() > until) throw new Error(`${String(there)} did not come to ${page.url()} within ${SOON_MS / 1000} s`)
    await page.waitForTimeout(500)
    await page.reload()
    await page.locator('h1').first().waitFor()
  }
}
