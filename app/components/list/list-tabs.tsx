import type { ListView } from '#app/gateway/contracts.server.ts'
import { formatCount } from '#app/text/format.ts'

/** Status tabs with their counts. */
export function ListTabs({ tabs, onTab }: { tabs: ListView['tabs']; onTab: (id: string) => void }) {
  if (!tabs.length) return null
  return (
    <div className="list-tabs" role="tablist">
      {tabs.map((tab) => (
        <button key={tab.id} type="button" role="tab" aria-selected={tab.active} className={tab.active ? 'active' : ''} onClick={() => onTab(tab.id)}>
          {tab.title}<span className="count">{formatCount(tab.count)}{tab.capped ? '+' : ''}</span>
        </button>
      ))}
    </div>
  )
}
