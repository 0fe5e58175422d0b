import { createHash } from 'node:crypto';
import { type ListingStatus, listingStatuses } from './game-values.ts';

/** Thrown where a value cannot stand in a key; no command was sent. */
export class InvalidKeyPart extends Error {
  override name = 'InvalidKeyPart';
}

/** One part of a key, between two colons. */
export interface KeyPart<T> {
  /** @throws InvalidKeyPart where the value cannot stand there, whatever its type claims */
  write(value: T): string;
  /** What is written, as the source of a regular expression. */
  written: string;
}

/** An id of a row: a whole number from 1 upwards. @example idPart('user').write(7) // '7' */
export const idPart = (what: string): KeyPart<number> => ({
  write(value) {
    if (Number.isSafeInteger(value) && value > 0) return String(value);
    throw new InvalidKeyPart(`A ${what}'s id is a whole number from 1 upwards, not ${shown(value)}.`);
  },
  written: '\\d+',
});

/** An id, or 'all' for undefined. @example idOrAllPart('resource').write(undefined) // 'all' */
export const idOrAllPart = (what: string): KeyPart<number | undefined> => ({
  write: (value) => (value === undefined ? 'all' : idPart(what).write(value)),
  written: '(?:all|\\d+)',
});

/** How many rows a list has. @example rowsPart('leaderboard', 1000).write(10) // '10' */
export const rowsPart = (what: string, most: number): KeyPart<number> => ({
  write(value) {
    if (Number.isSafeInteger(value) && value >= 1 && value <= most) return String(value);
    throw new InvalidKeyPart(`A ${what} has 1 to ${most} rows, not ${shown(value)}.`);
  },
  written: '\\d+',
});

/** @example statusPart.write('sold') // 'sold' */
export const statusPart: KeyPart<ListingStatus> = {
  write(value) {
    if (listingStatuses.includes(value)) return value;
    throw new InvalidKeyPart(
      `A listing's status is one of ${listingStatuses.join(', ')}, not ${shown(value)}.`,
    );
  },
  written: `(?:${listingStatuses.join('|')})`,
};

/** Any text, encoded. @example textPart.write('::1') // '%3A%3A1' */
export const textPart: KeyPart<string> = { write: encodePart, written: '[^:]+' };

/**
 * Text as one part of a key: letters, digits, `_`, `-` and `.` stay, all else becomes %XX of its UTF-8, and what would
 * be longer than 200 becomes `~` and its SHA-256. Different texts give different parts, and none holds `:`, `*`, `?`,
 * `[`, `{`, a space or a line break.
 *
 * @throws InvalidKeyPart for an empty text and for one that is not well-formed Unicode
 * @example encodePart('user_7') // 'user_7'
 * @example encodePart('a:b') // 'a%3Ab'
 */
export function encodePart(text: string): string {
  if (typeof text !== 'string' || text === '') throw new InvalidKeyPart('An empty text cannot name a key.');
  let encoded: string;
  try {
    encoded = encodeURIComponent(text);
  } catch {
    throw new InvalidKeyPart('A text with half of a character (a lone surrogate) cannot name a key.');
  }
  const part = encoded.replace(
    /[!'()*~]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return part.length <= 200 ? part : `~${createHash('sha256').update(text).digest('hex')}`;
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60);
