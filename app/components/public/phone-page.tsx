import type { ReactNode } from 'react'

/** The frame of the phone pages: a bar, the content, a foot. No scripts needed. */
export function PhonePage({ title, beside, children, foot }: { title: string; beside?: ReactNode; children: ReactNode; foot?: ReactNode }) {
  return (
    <div className="phone">
      <header className="phone-top"><h1>{title}</h1>{beside}</header>
      <main className="phone-main">{children}</main>
      {foot ? <footer className="foot">{foot}</footer> : null}
    </div>
  )
}
