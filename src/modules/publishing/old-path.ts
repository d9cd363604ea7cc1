/** The path of an address as it is kept and asked for: without host, query and last stroke, its escapes in capitals. Null for a front page and for what is none. */
export function oldPath(url: string): string | null {
  if (!URL.canParse(url, 'https://old.example')) return null
  const path = new URL(url, 'https://old.example').pathname.replace(/\/+$/, '').replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase())
  return path === '' || path.length > 2000 ? null : path
}
