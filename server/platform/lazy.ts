/** Made when it is asked for, once: libraries that few requests need cost neither start nor memory until then. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
