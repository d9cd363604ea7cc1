/** Where an office's page is. Ids hold colons, which may stand in a path as they are. */
export function officePath(id: string): string {
  return `/offices/${encodeURIComponent(id).replaceAll('%3A', ':')}`
}
