import { createHash } from 'node:crypto';

/** A listing is one of these. */
export type ListingStatus = 'active' | 'sold' | 'cancelled';
export const listingStatuses = ['active', 'sold', 'cancelled'] as const satisfies readonly ListingStatus[];

/** Which list of the market. */
export interface ListingsOf {
  /** All resources unless told. */
  resourceId?: number;
  /** 'active' unless told. */
  status?: ListingStatus;
}

/** The most rows of a leaderboard that is kept. */
export const longestLeaderboard = 1000;

/** Thrown where an id cannot stand in a key; no command was sent. */
export class InvalidKeyPart extends Error {
  override name = 'InvalidKeyPart';
}

/**
 * The names of all keys, which are the game's document's. An id stays inside its place whatever it holds: numbers are
 * checked, text is encoded, so that no login, address or session id can name a key of somebody else.
 *
 * @example keys.listings({ resourceId: 10 }) // 'market:listings:active:10'
 * @example keys.inventory(7) // 'inventory:user:7'
 * @example keys.rate('::1') // 'rate:%3A%3A1'
 */
export const keys = {
  environment: 'env:current',
  weather: 'env:weather:current',
  season: 'env:season:current',
  gatherable: 'env:gatherable',
  /** The list of all resources where no `resourceId` is told. */
  listings: ({ resourceId, status = 'active' }: ListingsOf = {}) =>
    `market:listings:${statusOf(status)}:${resourceId === undefined ? 'all' : id('resource', resourceId)}`,
  leaderboard: (limit: number) => `leaderboard:${limitOf(limit)}`,
  inventory: (userId: number) => `inventory:user:${id('user', userId)}`,
  /** Which resources of a player may have a change that MySQL does not hold yet. */
  late: (userId: number) => `inventory:late:${id('user', userId)}`,
  recipes: (userId: number, professionId: number) =>
    `recipes:user:${id('user', userId)}:${id('profession', professionId)}`,
  session: (sessionId: string) => `session:${encodePart(sessionId)}`,
  rate: (identifier: string) => `rate:${encodePart(identifier)}`,
} as const;

/**
 * Under which tags a value is kept, and by which it is invalidated. A list of the market has two: invalidating
 * `listings:10` leaves the other resources, `listings` leaves none.
 */
export const tags = {
  environment: 'environment',
  listings: (resourceId?: number) =>
    `listings:${resourceId === undefined ? 'all' : id('resource', resourceId)}`,
  everyListing: 'listings',
  leaderboard: 'leaderboard',
  inventory: (userId: number) => `inventory:${id('user', userId)}`,
  recipes: (userId: number) => `recipes:${id('user', userId)}`,
} as const;

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

function id(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidKeyPart(`A ${what}'s id is a whole number from 1 upwards, not ${shown(value)}.`);
}

function limitOf(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= longestLeaderboard) return limit;
  throw new InvalidKeyPart(`A leaderboard has 1 to ${longestLeaderboard} rows, not ${shown(limit)}.`);
}

function statusOf(status: ListingStatus): ListingStatus {
  if (listingStatuses.includes(status)) return status;
  throw new InvalidKeyPart(
    `A listing's status is one of ${listingStatuses.join(', ')}, not ${shown(status)}.`,
  );
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60);
