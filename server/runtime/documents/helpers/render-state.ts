import type { ImageRequest, RenderEnv } from '../types.ts'

/** What the helpers of one rendering share. Templates reach only the empty key object, never the state behind it. */
export interface RenderState { env: RenderEnv; images: ImageRequest[] }

const states = new WeakMap<object, RenderState>()

export function openState(env: RenderEnv): { key: object; state: RenderState } {
  const key = Object.freeze({})
  const state: RenderState = { env, images: [] }
  states.set(key, state)
  return { key, state }
}

export function stateOf(data: unknown): RenderState {
  const key = (data as { render?: object } | undefined)?.render
  const state = key && states.get(key)
  if (!state) throw new Error('the helper was called outside a rendering')
  return state
}
