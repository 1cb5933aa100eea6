import { fileURLToPath } from 'node:url'
import { vitePlugin as remix } from '@remix-run/dev'
import { defineConfig, type Plugin } from 'vite'

declare module '@remix-run/node' {
  interface Future { v3_singleFetch: true }
}

// One ESM copy of the interface libraries in the server build: three times faster start, and styles are shared with antd's own copy.
// In dev they stay external: CommonJS cannot be inlined there.
const BUNDLED = [
  /^@rjsf\//, /^antd($|\/)/, /^@ant-design\//, /^@rc-component\//, /^rc-/, /^@emotion\//, /^@tiptap\//, /^prosemirror-/,
  'clsx', 'classnames', 'stylis', 'scroll-into-view-if-needed', 'compute-scroll-into-view', 'throttle-debounce', 'is-mobile', 'react-is', /^dayjs($|\/)/,
]

const WITHOUT_NONCE = 'if (csp?.nonce) {\n    styleNode.nonce = csp?.nonce;\n  }'

/**
 * The table and dialog libraries add small style blocks (scroll lock, scrollbar measuring) without the page's nonce, which the content policy refuses.
 * Their one function that makes such blocks gets the nonce here; the build fails when a new version of it no longer looks as expected.
 */
const nonceForStyleBlocks = (): Plugin => ({
  name: 'nonce-for-style-blocks',
  apply: 'build',
  transform(code, id) {
    if (!id.endsWith('@rc-component/util/es/Dom/dynamicCSS.js')) return null
    if (!code.includes(WITHOUT_NONCE)) throw new Error(`${id}: style blocks are made in a new way; check that they carry the nonce, then mend this plugin`)
    return { code: code.replace(WITHOUT_NONCE, "styleNode.nonce = csp?.nonce ?? document.querySelector('script[nonce]')?.nonce ?? '';"), map: null }
  },
})

export default defineConfig(({ command }) => ({
  plugins: [
    nonceForStyleBlocks(),
    remix({
      ignoredRouteFiles: ['**/*.test.*'],
      future: {
        v3_fetcherPersist: true,
        v3_lazyRouteDiscovery: true,
        v3_relativeSplatPath: true,
        v3_singleFetch: true,
        v3_throwAbortReason: true,
        v3_routeConfig: true,
      },
    }),
  ],
  // the package exports its modules only; the signing page wants the plain script
  resolve: { alias: [
    // the package's CommonJS would bring all 800 icons into the server
    ...(command === 'build' ? [{ find: /^@ant-design\/icons$/, replacement: fileURLToPath(new URL('./node_modules/@ant-design/icons/es/index.js', import.meta.url)) }] : []),
    { find: /^signature-pad-script/, replacement: fileURLToPath(new URL('./node_modules/signature_pad/dist/signature_pad.umd.min.js', import.meta.url)) },
  ] },
  ssr: { noExternal: command === 'build' ? BUNDLED : [] },
  optimizeDeps: {
    include: [
      'react', 'react/jsx-runtime', 'react/jsx-dev-runtime', 'react-dom', 'react-dom/client', '@remix-run/react', '@remix-run/node', '@ant-design/icons',
      'antd', 'antd/locale/zh_CN.js', 'antd/locale/en_US.js', '@rjsf/core', '@rjsf/antd', '@rjsf/utils', '@rjsf/validator-ajv8', '@cfworker/json-schema',
      '@tiptap/react', '@tiptap/starter-kit', 'bpmn-js/lib/NavigatedViewer', 'signature_pad', 'dayjs', 'dayjs/locale/zh-cn.js', 'dayjs/plugin/timezone.js', 'dayjs/plugin/utc.js',
    ],
  },
  server: { watch: { ignored: ['**/var/**', '**/build/**', '**/tests/**'] } },
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 1500 },
}))
