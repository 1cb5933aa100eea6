import { useNavigate, useNavigation } from '@remix-run/react'
import { useEffect } from 'react'
import type { ListView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { ActionButton } from '../actions/action-button.tsx'
import type { Subject } from '../actions/subject.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { FilterBar } from './filter-bar.tsx'
import { FilterChips } from './filter-chips.tsx'
import { ListPager } from './list-pager.tsx'
import { ListTable, type Density } from './list-table.tsx'
import { ListTabs } from './list-tabs.tsx'
import { ListTools } from './list-tools.tsx'
import { NeedChooser } from './need-chooser.tsx'
import { rememberRows } from './neighbours.ts'
import { ToolbarButtons } from './toolbar-buttons.tsx'
import { useListState } from './use-list-state.ts'
import { usePreference } from './use-preference.ts'
import { useSelection } from './use-selection.ts'

/** A list of an entity, whatever it is. */
export function ListScreen({ view }: { view: ListView }) {
  const t = useText()
  const navigate = useNavigate()
  const { state, go } = useListState()
  const { list: _list, ...query } = state
  const [hiddenText, setHidden] = usePreference(`columns.${view.entity}.${view.list}`, '')
  const [density, setDensity] = usePreference('density', 'middle')
  const selection = useSelection(view.entity, view.list, query)
  const loading = useNavigation().state === 'loading'
  const hidden = hiddenText ? hiddenText.split(',') : []
  useEffect(() => rememberRows(view), [view])

  const base: Subject = { entity: view.entity, list: view.list, query, count: view.total }
  const chosen: Subject = selection.all ? { ...base, all: true } : { ...base, ids: [...selection.ids], revs: selection.revs, count: selection.ids.size }
  const picked = selection.all || selection.ids.size > 0
  const reset = (): void => go({ filters: {}, search: '', tab: state.tab ?? '' })
  const without = (id: string | null): void => {
    const filters = { ...state.filters }
    if (id !== null) delete filters[id]
    go(id === null ? { search: '' } : { filters })
  }
  return (
    <div className={`list-page${loading ? ' loading' : ''}`}>
      <PageHeader title={view.title}><ToolbarButtons buttons={view.toolbar} subject={picked ? chosen : base} /></PageHeader>
      {view.lists.length > 1 ? (
        <div className="list-lists" role="tablist">{view.lists.map((list) => <button key={list.id} type="button" role="tab" aria-selected={list.id === view.list} className={list.id === view.list ? 'active' : ''} onClick={() => (list.href ? navigate(list.href) : go({ list: list.id, filters: {}, search: '', tab: '', sort: '' }))}>{list.title}</button>)}</div>
      ) : null}
      {view.cards.length ? <div className="cards">{view.cards.map((card) => <div key={card.id} className="figure"><span>{card.title}</span><b>{card.value}</b></div>)}</div> : null}
      <div className="panel">
        <FilterBar entity={view.entity} list={view.list} filters={view.filters} search={state.search ?? ''} onReset={reset} onSearch={(filters, search) => go({ filters, search })} />
        <FilterChips filters={view.filters} search={state.search ?? ''} onRemove={without} onClear={reset} />
      </div>
      <div className="panel list-panel">
        <div className="list-head">
          <ListTabs tabs={view.tabs} onTab={(tab) => go({ tab })} />
          <span className="grow" />
          <ListTools columns={view.columns} hidden={hidden} onHidden={(ids) => setHidden(ids.join(','))} density={density as Density} onDensity={setDensity} />
        </div>
        <BulkBar selection={selection} buttons={view.bulk} subject={chosen} total={view.total} />
        {view.need ? <NeedChooser view={view} onChoose={(filters) => go({ filters })} /> : null}
        {view.rows.length ? <ListTable view={view} hidden={hidden} density={density as Density} selection={selection} onSort={(sort) => go({ sort })} /> : view.need ? null : (
          <EmptyState why={view.empty.why || t('list.empty')}>{view.empty.action ? <ActionButton button={view.empty.action} subject={base} /> : null}</EmptyState>
        )}
        {view.total > 0 ? <ListPager view={view} onPage={(change) => go(change)} /> : null}
      </div>
    </div>
  )
}
