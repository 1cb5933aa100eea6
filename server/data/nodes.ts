import { AppError } from '../platform/errors.ts'
import { createIds, NODES, type IdSource } from '../platform/ids.ts'
import type { Db } from './types.ts'

export const NODE_LEASE_MS = 30_000
// an identity may run this far ahead of the last renewal before the node's next holder could meet it
const AHEAD_MS = 120_000

export interface NodeLease {
  node: number
  ids: IdSource
  /** call at least every NODE_LEASE_MS / 3; throws when another process holds the node */
  renew(): Promise<void>
  release(): Promise<void>
}

/**
 * Leases the least recently used free node number, so that identities are unique among all threads and processes.
 * now = the system's time, never a virtual one; owner = any text unique to the holder.
 */
export const leaseNode = async (db: Db, now: () => number, owner: string): Promise<NodeLease> => {
  const { node, floor } = await db.tx(async (t) => {
    const rows = await t.all<{ node: number; lease_until: number; reached: number }>(`SELECT node, lease_until, reached FROM node_leases ORDER BY node${t.dialect.forUpdate}`)
    const at = now()
    const pick = rows.filter((r) => r.lease_until <= at).sort((a, b) => a.reached - b.reached || a.node - b.node)[0]
    if (!pick) throw new AppError('IDS_EXHAUSTED', { nodes: NODES })
    const start = Math.max(at, pick.reached + 1)
    await t.run('UPDATE node_leases SET owner = ?, lease_until = ?, reached = ? WHERE node = ?', [owner, at + NODE_LEASE_MS, start + AHEAD_MS, pick.node])
    return { node: pick.node, floor: start }
  })
  const ids = createIds({ now, node, floor })
  return {
    node, ids,
    async renew() {
      const { changes } = await db.run('UPDATE node_leases SET lease_until = ?, reached = ? WHERE node = ? AND owner = ?',
        [now() + NODE_LEASE_MS, Math.max(now(), ids.reached()) + AHEAD_MS, node, owner])
      if (changes === 0) throw new AppError('IDS_EXHAUSTED', { nodes: NODES }, { where: `node ${node}`, found: 'the lease ran out and was given away', fix: 'restart the process' })
    },
    async release() {
      await db.run('UPDATE node_leases SET lease_until = 0, reached = ? WHERE node = ? AND owner = ?', [Math.max(now(), ids.reached()), node, owner])
    },
  }
}
