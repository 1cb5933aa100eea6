/** Content-Disposition by RFC 6266/5987: an ASCII fallback for old clients and the UTF-8 name for the others. */
export const contentDisposition = (kind: 'attachment' | 'inline', name: string): string => {
  // eslint-disable-next-line no-control-regex -- control characters would split the header
  const clean = name.replace(/[\u0000-\u001f\u007f/\\]/g, '_') || 'file'
  const ascii = clean.replace(/[^\x20-\x7e]/g, '_').replace(/["%]/g, '_')
  const utf8 = encodeURIComponent(clean).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${utf8}`
}
