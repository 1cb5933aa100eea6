import { LoadingOutlined } from '@ant-design/icons'
import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US.js'
import zhCN from 'antd/locale/zh_CN.js'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn.js'
import { useMemo, type ReactNode } from 'react'
import { useNonce } from '#app/nonce.ts'
import { useLang } from '#app/text/use-text.ts'
import { useStill } from './use-still.ts'

type Locale = typeof zhCN
// antd's locale files are CommonJS: bundlers and Node disagree on where their default is
const unwrap = (module: Locale): Locale => (module as unknown as { default?: Locale }).default ?? module

/** The accent thinned with white; `share` of it, 0 to 1. */
const tint = (accent: string, share: number): string =>
  `#${[1, 3, 5].map((at) => Math.round(255 - (255 - Number.parseInt(accent.slice(at, at + 2), 16)) * share).toString(16).padStart(2, '0')).join('')}`

const FONT = 'system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif'

// antd fades its own icon out; where an answer comes at once the fade never ends, and the button goes on being called "loading …"
const BUTTON = { autoInsertSpace: false, loadingIcon: <LoadingOutlined aria-hidden /> }

/** antd with static styles: only the theme's variables are made at run time. */
export function Theme({ accent, children }: { accent: string; children: ReactNode }) {
  const nonce = useNonce()
  const lang = useLang()
  const still = useStill()
  dayjs.locale(lang === 'zh' ? 'zh-cn' : 'en')
  const theme = useMemo(() => ({
    zeroRuntime: true,
    cssVar: { key: 'cf' },
    token: {
      colorPrimary: accent, colorInfo: accent, colorLink: accent, colorSuccess: '#15803d', colorWarning: '#b45309', colorError: '#b91c1c',
      // antd derives these from the seed colours, which are darker here than it expects
      colorPrimaryBg: tint(accent, 0.08), colorPrimaryBgHover: tint(accent, 0.14), colorPrimaryBorder: tint(accent, 0.4), colorInfoBg: tint(accent, 0.06), colorInfoBorder: tint(accent, 0.25),
      colorSuccessBg: '#f0fdf4', colorSuccessBorder: '#bbf7d0', colorWarningBg: '#fffbeb', colorWarningBorder: '#fde68a', colorErrorBg: '#fef2f2', colorErrorBorder: '#fecaca', controlItemBgActive: tint(accent, 0.08), controlItemBgActiveHover: tint(accent, 0.14),
      colorTextBase: '#1b2430', colorTextSecondary: '#4b5565', colorTextTertiary: '#5f6a7c', colorTextDescription: '#5f6a7c', colorTextPlaceholder: '#667085',
      colorBorder: '#cbd2dc', colorBorderSecondary: '#e3e7ed', colorBgLayout: '#f4f6f9', borderRadius: 6, fontFamily: FONT, motionDurationMid: '0.12s', motionDurationSlow: '0.18s',
      // without motion nothing waits for its end: menus and dialogs are there at once
      ...(still ? { motion: false } : {}),
    },
    components: { Table: { headerBg: '#f4f6f9', headerColor: '#3b4556', rowHoverBg: '#f8fafc', cellPaddingBlockMD: 9, cellPaddingBlockSM: 5 } },
  }), [accent, still])
  return (
    <ConfigProvider locale={unwrap(lang === 'zh' ? zhCN : enUS)} theme={theme} button={BUTTON} {...(nonce && { csp: { nonce } })}>
      <App component={false}>{children}</App>
    </ConfigProvider>
  )
}
