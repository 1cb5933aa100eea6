import type { Sharp } from 'sharp'

/** size the picture is brought to before it is looked at */
const SIDE = 64
/** nearly invisible, of 255 */
const CLEAR = 32
/** part of the picture that must be clear: a seal is lines and letters on nothing */
const ENOUGH = 0.1

/** Whether the picture has no background of its own: it knows transparency, and a good part of it is clear. */
export const isTransparent = async (image: Sharp): Promise<boolean> => {
  const { hasAlpha } = await image.metadata()
  if (!hasAlpha) return false
  const { data } = await image.clone().ensureAlpha().extractChannel(3).resize(SIDE, SIDE, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true })
  let clear = 0
  for (const alpha of data) if (alpha < CLEAR) clear++
  return clear / data.length >= ENOUGH
}
