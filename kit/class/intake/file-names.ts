/** Invisible or misleading characters: controls, line separators, marks that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const harmful = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name as it may be shown in a sentence: composed (NFC), on one line, at most 100 characters. */
export function shown(name: string): string {
  const plain = name.normalize('NFC').replace(harmful, '\ufffd');
  return plain.length > 100 ? `${plain.slice(0, 60)}...${plain.slice(-37)}` : plain;
}

/**
 * A file name as text. Names are bytes on Linux: what is not UTF-8 is read as Windows-1252, so that a file from an
 * old archive still has a name to call it by.
 *
 * @example nameOf(Buffer.from('Zoe\u0308')) // 'Zoë', composed
 */
export function nameOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).normalize('NFC');
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * The folders and the name that a path of a submission consists of, or undefined where it is absolute or leads out.
 * A backslash separates too: some Windows archives write it.
 *
 * @example segmentsOf('./tp\\labs/01-initial-sync.ts') // ['tp', 'labs', '01-initial-sync.ts']
 * @example segmentsOf('../labs/01-initial-sync.ts') // undefined
 */
export function segmentsOf(path: string): string[] | undefined {
  if (/^[/\\]|^[A-Za-z]:|\0/.test(path)) return undefined;
  const segments = path.normalize('NFC').split(/[/\\]/);
  if (segments.includes('..')) return undefined;
  return segments.filter((segment) => segment !== '' && segment !== '.');
}

/** Folders and files that programs leave behind, `.git` among them: never looked into, never mentioned. */
export const isClutter = (segment: string): boolean =>
  segment.startsWith('.') || segment === '__MACOSX' || segment === 'node_modules';
