import { fromCents } from './money.ts';
import type { Random } from './random.ts';
import type { SqlValue } from './sql.ts';
import { adjectives, firstNames, surnames, things } from './words.ts';

/** A product as orders need it. */
export interface Priced {
  id: number;
  cents: number;
}

/** Price bands in cents: most things are cheap. */
const bands = [
  [199, 1999],
  [199, 1999],
  [2000, 9999],
  [2000, 9999],
  [10_000, 49_999],
  [50_000, 249_999],
] as const;
/** The cents that shops like; -1 stands for any. */
const endings = [99, 99, 95, 90, 50, 49, 0, -1, -1, -1];

/**
 * A made-up person as a row of `users`. The e-mail address is plain ASCII and carries the id, so none comes twice.
 *
 * @example generateUser(random, 57) // [57, 'Zoë Hopper', 'zoe.hopper.57@example.com']
 */
export function generateUser(random: Random, id: number): SqlValue[] {
  const name = `${random.pick(firstNames)} ${random.pick(surnames)}`;
  return [id, name, `${plain(name)}.${id}@example.com`];
}

/**
 * A made-up product with its price in cents, and its row of `products`.
 *
 * @example generateProduct(random, 42).row // [42, 'Folding keyboard', 'GEN-00042', '89.95']
 */
export function generateProduct(random: Random, id: number): Priced & { row: SqlValue[] } {
  const [low, high] = random.pick(bands);
  const drawn = random.int(low, high);
  const ending = random.pick(endings);
  const cents = ending < 0 ? drawn : drawn - (drawn % 100) + ending;
  const name = `${random.pick(adjectives)} ${random.pick(things)}`;
  return { id, cents, row: [id, name, `GEN-${String(id).padStart(5, '0')}`, fromCents(cents)] };
}

/** 'José Øvergård' as 'jose.overgard'. */
function plain(name: string): string {
  return name
    .replaceAll(/[ØøŁł]/g, (letter) => ({ Ø: 'o', ø: 'o', Ł: 'l', ł: 'l' })[letter]!)
    .normalize('NFD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .replaceAll(' ', '.')
    .toLowerCase();
}
