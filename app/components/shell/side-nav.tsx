import { NavLink, useLocation } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import type { MenuGroup } from '#app/gateway/contracts.server.ts'
import { formatCount } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'

const sameTarget = (href: string, pathname: string, search: string): boolean => {
  const [path, query = ''] = href.split('?')
  if (path !== pathname) return false
  const here = new URLSearchParams(search)
  const wanted = new URLSearchParams(query)
  return here.get('report') === wanted.get('report') && [...wanted].every(([name, value]) => here.get(name) === value)
}

/** The role's menu. Groups fold; the group of the current page is open. */
export function SideNav({ groups, onNavigate }: { groups: MenuGroup[]; onNavigate?: () => void }) {
  const t = useText()
  const { pathname, search } = useLocation()
  const nav = useRef<HTMLElement>(null)
  // a long menu shows where one is
  useEffect(() => { nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' }) }, [pathname, search])
  return (
    <nav ref={nav} className="side-nav" aria-label={t('app.menu')}>
      <NavLink to="/" end className="side-item" {...(onNavigate && { onClick: onNavigate })}>{t('app.home')}</NavLink>
      {groups.map((group) => (
        <details key={group.id} open>
          <summary>{group.title}</summary>
          {group.items.map((item) => {
            const here = [item.href, ...(item.also ?? [])].some((href) => sameTarget(href, pathname, search))
            return (
              <NavLink key={item.id} to={item.href} prefetch="intent" className={() => `side-item${here ? ' active' : ''}`} aria-current={here ? 'page' : undefined} {...(onNavigate && { onClick: onNavigate })}>
                <span>{item.title}</span>
                {item.count ? <span className="count">{formatCount(item.count)}</span> : null}
              </NavLink>
            )
          })}
        </details>
      ))}
    </nav>
  )
}
