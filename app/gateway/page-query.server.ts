/** Page, size and search of a simple list's address; size at most 100. */
export const pageQuery = (request: Request): { page: number; size: number; search?: string } => {
  const params = new URL(request.url).searchParams
  const whole = (name: string, fallback: number): number => {
    const value = Number(params.get(name))
    return Number.isInteger(value) && value > 0 ? value : fallback
  }
  const search = params.get('q')?.slice(0, 200)
  return { page: whole('page', 1), size: Math.min(100, whole('size', 20)), ...(search && { search }) }
}
