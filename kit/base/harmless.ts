/**
 * What students print, fit for a terminal or a file: a control character could move the cursor and forge a line, so
 * each becomes visible. Line breaks and tabs stay.
 *
 * @example harmless('a\x1b[2Kb') // 'a\\x1b[2Kb'
 */
export function harmless(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
