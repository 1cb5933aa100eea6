import { fileURLToPath } from 'node:url'
import { vitePlugin as remix } from '@remix-run/dev'
import { defineConfig } from 'vite'

declare module '@remix-run/node' {
  interface Future { v3_singleFetch: true }
}

// One ESM copy of the interface libraries in the server build: three times faster start, and styles are shared with antd's own copy.
// In dev they stay external: CommonJS cannot be inlined there.
const BUNDLED = [
  /^@rjsf\//, /^antd($|\/)/, /^@ant-design\//, /^@rc-component\//, /^rc-/, /^@emotion\//, /^@tiptap\//, /^prosemirror-/,
  'clsx', 'classnames', 'stylis', 'scroll-into-view-if-needed', 'compute-scroll-into-view', 'throttle-debounce', 'is-mobile', 'react-is', /^dayjs($|\/)/,
]

export default defineConfig(({ command }) => ({
  plugins: [
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
  resolve: { alias: [{ find: /^signature-pad-script/, replacement: fileURLToPath(new URL('./node_modules/signature_pad/dist/signature_pad.umd.min.js', import.meta.url)) }] },
  ssr: { noExternal: command === 'build' ? BUNDLED : [] },
  optimizeDeps: {
    include: [
      'antd', 'antd/locale/zh_CN.js', 'antd/locale/en_US.js', '@rjsf/core', '@rjsf/antd', '@rjsf/utils', '@rjsf/validator-ajv8', '@cfworker/json-schema',
      '@tiptap/react', '@tiptap/starter-kit', 'bpmn-js/lib/NavigatedViewer', 'signature_pad', 'dayjs',
    ],
  },
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 1500 },
}))
