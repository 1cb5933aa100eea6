import { DownOutlined } from '@ant-design/icons'
import { Form, useSubmit } from '@remix-run/react'
import { Dropdown } from 'antd'
import { useLang, useText } from '#app/text/use-text.ts'
import { removeAllDrafts } from '../form/draft-store.ts'
import { useApp } from './use-app.ts'

/** Who is signed in, with the ways to the password page, another programme and out. */
export function AccountMenu() {
  const t = useText()
  const lang = useLang()
  const submit = useSubmit()
  const { person, shell, csrf } = useApp()
  const programmes = shell.programmes.length > 1
    ? [{ type: 'group' as const, label: t('app.programme'), children: shell.programmes.map((programme) => ({ key: `programme:${programme.id}`, label: programme.title, disabled: programme.id === person.programme })) }, { type: 'divider' as const }]
    : []
  const items = [
    { key: 'who', disabled: true, label: <span className="account-who"><b>{person.name}</b><span>{person.roleTitle}</span><span>{person.orgName}</span></span> },
    { type: 'divider' as const },
    ...programmes,
    { key: 'lang', label: t('app.lang') },
    { key: 'password', label: <a href="/password">{t('app.password')}</a> },
    { key: 'out', label: t('app.signOut') },
  ]
  const choose = ({ key }: { key: string }): void => {
    if (key === 'lang') submit({ csrf, lang: lang === 'zh' ? 'en' : 'zh', to: window.location.pathname + window.location.search }, { method: 'post', action: '/preferences' })
    if (key === 'out') removeAllDrafts()
    if (key === 'out') submit({ csrf }, { method: 'post', action: '/logout' })
    if (key.startsWith('programme:')) submit({ csrf, programme: key.slice('programme:'.length), to: '/' }, { method: 'post', action: '/preferences' })
  }
  return (
    <Dropdown menu={{ items, onClick: choose }} trigger={['click']} placement="bottomRight">
      <button type="button" className="top-button account-button" aria-label={`${t('app.account')} ${person.name}`}>
        <span className="avatar" aria-hidden>{person.name.slice(0, 1)}</span>
        <span className="account-name"><b>{person.name}</b><small>{person.roleTitle}</small></span>
        <DownOutlined aria-hidden style={{ fontSize: 10 }} />
      </button>
    </Dropdown>
  )
}

/** Switches the language and stays on the page. */
export function LanguageButton() {
  const t = useText()
  const lang = useLang()
  const { csrf } = useApp()
  return (
    <Form method="post" action="/preferences" reloadDocument className="top-lang" onSubmit={(event) => { (event.currentTarget.elements.namedItem('to') as HTMLInputElement).value = window.location.pathname + window.location.search }}>
      <input type="hidden" name="csrf" value={csrf} />
      <input type="hidden" name="to" defaultValue="/" />
      <button className="top-button" name="lang" value={lang === 'zh' ? 'en' : 'zh'}>{t('app.lang')}</button>
    </Form>
  )
}
