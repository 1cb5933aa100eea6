const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

/** A page that needs nothing: for the moments when the web itself cannot answer. */
export const plainPage = (title: string, text: string, nonce: string): string =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title>
<style nonce="${nonce}">body{font:16px/1.7 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1f2937;background:#f5f6f8;margin:0;display:grid;min-height:100vh;place-items:center}
main{background:#fff;border:1px solid #e2e5ea;border-radius:8px;padding:32px;max-width:28rem;margin:16px}h1{font-size:20px;margin:0 0 8px}p{margin:0 0 16px;color:#4b5563}a{color:#1d4ed8}</style></head>
<body><main><h1>${escape(title)}</h1><p>${escape(text)}</p><a href="/">返回首页</a></main></body></html>`
