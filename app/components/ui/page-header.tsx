import { LeftOutlined } from '@ant-design/icons'
import { Link, useNavigate } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useText } from '#app/text/use-text.ts'

interface Crumb { title: string; href?: string }

/** Breadcrumbs, title, what belongs beside it, and the page's buttons. */
export function PageHeader({ title, crumbs = [], back, beside, children }: { title: string; crumbs?: Crumb[]; back?: boolean; beside?: ReactNode; children?: ReactNode }) {
  const t = useText()
  const navigate = useNavigate()
  return (
    <header className="page-header">
      {crumbs.length ? <nav className="crumbs" aria-label="breadcrumb"><ol>{crumbs.map((crumb) => <li key={crumb.title}>{crumb.href ? <Link to={crumb.href}>{crumb.title}</Link> : <span>{crumb.title}</span>}</li>)}</ol></nav> : null}
      <div className="page-title">
        {back ? <button type="button" className="top-button back" aria-label={t('common.back')} title={t('common.back')} onClick={() => navigate(-1)}><LeftOutlined /></button> : null}
        <h1>{title}</h1>
        {beside}
        <span className="grow" />
        {children}
      </div>
    </header>
  )
}
