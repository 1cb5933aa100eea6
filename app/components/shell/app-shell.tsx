import { DownloadOutlined, MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined, SearchOutlined } from '@ant-design/icons'
import { Link, useNavigation } from '@remix-run/react'
import { Drawer } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useText } from '#app/text/use-text.ts'
import { AccountMenu, LanguageButton } from './account-menu.tsx'
import { NotificationBell } from './notification-bell.tsx'
import { Palette } from './palette.tsx'
import { SideNav } from './side-nav.tsx'
import { useApp } from './use-app.ts'

/** Header, menu and content area around every signed-in page. */
export function AppShell({ children }: { children: ReactNode }) {
  const t = useText()
  const { shell } = useApp()
  const [folded, setFolded] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const [palette, setPalette] = useState(false)
  const busy = useNavigation().state !== 'idle'

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setPalette(true)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <div className={`shell${folded ? ' folded' : ''}`}>
      <a className="skip" href="#content">{t('app.skip')}</a>
      <div className={busy ? 'busy on' : 'busy'} role="progressbar" aria-hidden={!busy} aria-label={t('app.loading')} />
      <header className="top">
        <button type="button" className="top-button only-narrow" aria-label={t('app.menu')} onClick={() => setDrawer(true)}><MenuOutlined /></button>
        <Link to="/" className="brand"><span className="brand-mark" aria-hidden>{shell.portalTitle.slice(0, 1)}</span><span className="brand-text"><b>{shell.portalTitle}</b><small>{shell.programmeTitle}</small></span></Link>
        <div className="top-space" />
        <button type="button" className="top-search" onClick={() => setPalette(true)} aria-label={t('palette.open')}><SearchOutlined /><span>{t('app.search')}</span><kbd>Ctrl K</kbd></button>
        <Link to="/jobs" className="top-button" aria-label={t('app.jobs')} title={t('app.jobs')}><DownloadOutlined style={{ fontSize: 17 }} /></Link>
        <NotificationBell />
        <LanguageButton />
        <AccountMenu />
      </header>
      <aside className="side">
        <SideNav groups={shell.menu} />
        <button type="button" className="side-fold" onClick={() => setFolded(!folded)} aria-label={folded ? t('app.expand') : t('app.collapse')} title={folded ? t('app.expand') : t('app.collapse')}>
          {folded ? <MenuUnfoldOutlined /> : <><MenuFoldOutlined /> <span>{t('app.collapse')}</span></>}
        </button>
      </aside>
      <Drawer open={drawer} onClose={() => setDrawer(false)} placement="left" size={264} title={shell.portalTitle} styles={{ body: { padding: 0 } }}>
        <SideNav groups={shell.menu} onNavigate={() => setDrawer(false)} />
      </Drawer>
      <main id="content" className="content" tabIndex={-1}>{children}</main>
      <Palette open={palette} onClose={() => setPalette(false)} />
    </div>
  )
}
