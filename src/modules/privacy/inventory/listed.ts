/** What sort of data a column has, from what anybody may see to what nobody but its owner should. */
export const dataClasses = {
  public: 'Anybody may see it: about our organisation, its actions, or people in office.',
  internal: 'About how the work goes. It names nobody.',
  staff: 'About people who work at the desk.',
  personal: 'About a supporter, in the clear, under a random id. It does not say who that is.',
  shown: 'What a supporter asked to have published, once they had confirmed their address.',
  sealed: 'Encrypted to a key that the database and the public server do not have.',
  index: 'A fingerprint, keyed where it is a supporter’s: finds a row again without saying what it was made of.',
  token: 'The fingerprint of a random secret that only a browser or a mail has.',
  secret: 'Lets somebody in, or protects what is above. Never shown.',
} as const
export type DataClass = keyof typeof dataClasses

/** Columns of one class in one table, by name, and what they are for. */
export type ListedColumns = [dataClass: DataClass, columns: string, purpose: string]

export interface ListedTable {
  about: string
  /** For how long a row is kept. */
  kept: string
  columns: ListedColumns[]
}

export const listed = (about: string, kept: string, ...columns: ListedColumns[]): ListedTable => ({ about, kept, columns })

/** Tables that belong together, under the heading that they have in docs/privacy.md. */
export interface Noun {
  title: string
  tables: Record<string, ListedTable>
}
