/** Thousands separators from 10 000 on; below, plain digits. */
export const formatCount = (n: number): string => (Math.abs(n) >= 10_000 ? n.toLocaleString('en-US') : String(n))

/** Bytes as B, KB, MB, GB with at most one decimal. */
export const formatBytes = (bytes: number): string => {
  const units = ['B', 'KB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : Number(value.toFixed(1))} ${units[unit]}`
}

/** A span as the two largest units: "3 天 4 小时". */
export const formatSpan = (ms: number, lang: 'zh' | 'en'): string => {
  const names = lang === 'zh' ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's']
  const seconds = Math.max(0, Math.round(ms / 1000))
  const parts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const first = parts.findIndex((part) => part > 0)
  if (first < 0) return `0 ${names[3]}`
  return parts.slice(first, first + 2).map((part, i) => (part > 0 ? `${part} ${names[first + i]}` : '')).filter(Boolean).join(' ')
}

/** `2026-11-21 09:30` in the zone; texts that are no instant are returned as they are. */
export const formatTime = (iso: string, zone: string): string => {
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(iso)) return iso
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(at)
  const get = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
  return `${get('year')}-${get('month')}-${get('day')} ${get('hour')}:${get('minute')}`
}
