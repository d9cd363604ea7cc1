declare module 'edtf' {
  /** Reads a date of ISO 8601-2; throws where it is none. */
  export default function edtf(text: string): { min: number, max: number }
}
