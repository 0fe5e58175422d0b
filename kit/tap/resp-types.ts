/** The byte that a RESP value of each type begins with. */
export const ARRAY: number = code('*');
export const STRING: number = code('$');
export const VERBATIM: number = code('=');
export const ERROR: number = code('-');
export const LONG_ERROR: number = code('!');
export const MAP: number = code('%');
/** It stands before a value, and is none itself. */
export const ATTRIBUTE: number = code('|');
export const NULL: number = code('_');

/** Types whose first line is a length: of a body in bytes, or of elements. */
export const WITH_LENGTH: ReadonlySet<number> = new Set(Buffer.from('*$%~>|=!'));
/** Types that are one line. */
export const LINES: ReadonlySet<number> = new Set(Buffer.from('+-:,(#_'));

function code(character: string): number {
  return character.charCodeAt(0);
}
