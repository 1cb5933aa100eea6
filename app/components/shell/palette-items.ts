import type { MenuGroup } from '#app/gateway/contracts.server.ts'

export interface PaletteItem { title: string; what: string; href: string }

/** Menu entries whose title or group holds every word of the text; all of them for an empty text. */
export const findMenu = (groups: MenuGroup[], text: string): PaletteItem[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return groups
    .flatMap((group) => group.items.map((item) => ({ title: item.title, what: group.title, href: item.href })))
    .filter((item) => words.every((word) => `${item.title} ${item.what}`.toLowerCase().includes(word)))
    .slice(0, 30)
}
