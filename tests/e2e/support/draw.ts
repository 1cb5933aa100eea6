import type { Locator, Page } from 'playwright-core'

/** Draws a signature on a pad with the mouse. */
export async function draw(page: Page, pad: Locator): Promise<void> {
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (!box) throw new Error('the pad is not on the page')
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y]
  for (const stroke of [[[0.2, 0.3], [0.5, 0.6], [0.3, 0.8]], [[0.5, 0.2], [0.7, 0.7], [0.85, 0.4]]] as const) {
    await page.mouse.move(...at(stroke[0][0], stroke[0][1]))
    await page.mouse.down()
    for (const [x, y] of stroke.slice(1)) await page.mouse.move(...at(x, y), { steps: 8 })
    await page.mouse.up()
  }
}
