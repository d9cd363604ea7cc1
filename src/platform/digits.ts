/** Arabic, Persian and full-width digits as 0 to 9, for what people type from a keyboard of theirs: codes and numbers. */
export function plainDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => String(digit.codePointAt(0)! & 15))
}
