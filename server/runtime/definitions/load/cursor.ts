import type { Json, JsonObject, SourceRef, Text } from '../model.ts'
import { escapePointer, locate } from './doc.ts'
import type { Doc } from './doc.ts'

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads a document tolerantly and remembers where it stands. Wrong shapes read as absent: the meta-schemas report them. */
export class Cursor {
  readonly value: Json | undefined
  readonly pointer: string
  /** Without `place` the whole document. */
  constructor(readonly doc: Doc, place?: { value: Json | undefined; pointer: string }) {
    this.value = place ? place.value : doc.value
    this.pointer = place?.pointer ?? ''
  }

  at(key: string): Cursor {
    const value = isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined
    return new Cursor(this.doc, { value, pointer: `${this.pointer}/${escapePointer(key)}` })
  }
  get ref(): SourceRef { return locate(this.doc, this.pointer) }
  get exists(): boolean { return this.value !== undefined }
  get isObject(): boolean { return isObject(this.value) }

  entries(): [string, Cursor][] {
    return isObject(this.value) ? Object.keys(this.value).map((key) => [key, this.at(key)]) : []
  }
  items(): Cursor[] {
    return Array.isArray(this.value) ? this.value.map((v, i) => new Cursor(this.doc, { value: v, pointer: `${this.pointer}/${i}` })) : []
  }
  object(): JsonObject | undefined { return isObject(this.value) ? this.value : undefined }
  string(): string | undefined { return typeof this.value === 'string' ? this.value : undefined }
  number(): number | undefined { return typeof this.value === 'number' ? this.value : undefined }
  boolean(): boolean | undefined { return typeof this.value === 'boolean' ? this.value : undefined }
  /** FEEL may be written as a bare true, false, number or null where it is a literal */
  feel(): string | undefined {
    return typeof this.value === 'string' ? this.value : typeof this.value === 'number' || typeof this.value === 'boolean' ? String(this.value) : undefined
  }
  /** a plain string is Chinese */
  text(): Text | undefined {
    if (typeof this.value === 'string') return { zh: this.value }
    const zh = this.at('zh').string()
    const en = this.at('en').string()
    return zh === undefined && en === undefined ? undefined : { zh: zh ?? en ?? '', ...(en === undefined ? {} : { en }) }
  }
  /** a list of names: array, space-separated string, or {name: true} */
  names(): string[] | undefined {
    if (typeof this.value === 'string') return this.value.split(/[\s,]+/).filter((s) => s !== '')
    if (Array.isArray(this.value)) return this.value.filter((v): v is string => typeof v === 'string')
    return isObject(this.value) ? Object.keys(this.value).filter((k) => (this.value as JsonObject)[k] !== false) : undefined
  }
  /** id -> FEEL */
  feels(): Record<string, string> | undefined {
    if (!this.isObject) return undefined
    return Object.fromEntries(this.entries().flatMap(([k, c]) => { const f = c.feel(); return f === undefined ? [] : [[k, f]] }))
  }
  map<T>(read: (cursor: Cursor, id: string) => T | undefined): Record<string, T> {
    return Object.fromEntries(this.entries().flatMap(([k, c]) => { const v = read(c, k); return v === undefined ? [] : [[k, v]] }))
  }
}

/** Drops undefined members, so that resolved definitions stay equal after a JSON round trip. */
export const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T
