import type { Random } from '#server/platform/random.ts'
import { own } from '#server/platform/json.ts'
import { once } from '#server/runtime/repeats/index.ts'
import { createApiToken, listApiTokens, resolveApiToken, revokeApiToken } from '#server/runtime/accounts/index.ts'
import { describeApi } from './api-describe.ts'
import { listRecords } from './api-list.ts'
import { readRecord } from './api-read.ts'
import type { ApiServices } from './api-types.ts'
import { entityOf, forbidden, isId, iso, notFound, type ViewParts } from './parts.ts'

/** What the REST resource asks, over the same rights and queries as the screens. */
export const apiServices = (parts: ViewParts, random: Random): ApiServices => {
  const { engine } = parts.core
  return {
    describe: (actor) => describeApi(parts, actor),
    read: (actor, entity, id) => readRecord(parts, actor, entity, id),
    list: (actor, entity, query) => listRecords(parts, actor, entity, query),
    once: (actor, { entity, button, key, request }, run) => {
      const def = button === null ? null : entityOf(parts, parts.core.call(actor), entity)
      return once(engine, { user: actor.userId, key, request, apart: own(def?.form.actions ?? {}, button ?? '')?.do === 'operation' }, run)
    },
    tokens: {
      create: async (actor, input) => (actor.mustChangePassword || actor.secondFactor ? forbidden() : createApiToken(engine, random, actor, input)),
      list: async (actor) => (await listApiTokens(engine, actor.userId)).map((t) => ({
        id: t.id, title: t.title, scope: t.scope, programme: t.programme, role: t.role, createdAt: iso(t.createdAt), expiresAt: iso(t.expiresAt),
        ...(t.usedAt === null ? {} : { usedAt: iso(t.usedAt) }), ...(t.revokedAt === null ? {} : { revokedAt: iso(t.revokedAt) }),
      })),
      revoke: async (actor, id) => (isId(id) && (await revokeApiToken(engine, actor, id)) ? { ok: true } : notFound()),
      resolve: (token) => resolveApiToken(engine, token),
    },
  }
}
