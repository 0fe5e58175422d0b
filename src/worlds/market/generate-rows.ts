import type { Random } from '../store/random.ts';
import type { SqlValue } from '../store/sql.ts';
import { firstNames, surnames } from '../store/words.ts';
import { fixturePasswordHash } from './fixture.ts';

/** Of which the generator makes resources: each pair comes once at most. */
const grades = 'Rough Fine Pure Ancient Frozen Burning Hollow Gilded Twisted Royal Common Silver'.split(' ');
const materials =
  'amber bark bone clay copper cotton crystal feather flint flour glass honey horn jade lead linen marble moss obsidian pearl pine quartz resin rope sand silk slate spice tin wool'.split(
    ' ',
  );

/** Generated listings begin on 8 November 2025, after the fixture's, and fall into 30 days. */
const firstMoment = Date.UTC(2025, 10, 8);
const span = 30 * 24 * 3600 * 1000;

/** A resource as listings need it. */
export interface PricedResource {
  id: number;
  basePrice: number;
}

/** How many different resources there can be beside the fixture's. */
export const resourceNames = grades.length * materials.length;

/**
 * Rows of `resources`: names in an order that the seed decides, prices from 1 to 400 coins, most of them low.
 *
 * @example generateResources(random, { firstId: 14, count: 1 }) // [[14, 'Gilded flint', 37]]
 */
export function generateResources(
  random: Random,
  { firstId, count }: { firstId: number; count: number },
): SqlValue[][] {
  const names = random.shuffle(
    grades.flatMap((grade) => materials.map((material) => `${grade} ${material}`)),
  );
  return names.slice(0, count).map((name, i) => {
    const price = random.int(1, 20) * random.int(1, 20);
    return [firstId + i, name, price];
  });
}

/**
 * A row of `players`. Low levels are common; the password is the fixture's.
 *
 * @example generatePlayer(random, 57) // [57, 'player57', 'Zoë Hopper 57', 12, 1, '$argon2id$...', 'player', 830]
 */
export function generatePlayer(random: Random, id: number): SqlValue[] {
  const name = `${random.pick(firstNames)} ${random.pick(surnames)} ${id}`;
  const level = Math.min(random.int(1, 100), random.int(1, 100));
  return [id, `player${id}`, name, level, 1, fixturePasswordHash, 'player', random.int(0, 100) * level];
}

/** Rows of `inventories`: up to six resources a player, each once. */
export function generateInventory(
  random: Random,
  player: number,
  { resource }: { resource(): PricedResource },
): SqlValue[][] {
  const held = new Set<number>();
  for (let left = random.int(0, 6); left > 0; left--) held.add(resource().id);
  return [...held].map((id) => [player, id, random.int(1, 60)]);
}

/** One listing, and the sale of it where it was sold. */
export interface ListingRows {
  listing: SqlValue[];
  sale?: SqlValue[];
}

/**
 * Listings in the order of their ids and times; about half are active, four in ten sold, one in ten cancelled. Prices
 * are within a quarter of the resource's. A sale comes before the next listing, so ids of sales follow time too.
 */
export function* generateListings(
  random: Random,
  source: {
    count: number;
    firstId: number;
    firstSaleId: number;
    player(): number;
    resource(): PricedResource;
  },
): Generator<ListingRows> {
  const step = Math.max(2, Math.floor(span / Math.max(1, source.count)));
  let saleId = source.firstSaleId;
  for (let made = 0; made < source.count; made++) {
    const id = source.firstId + made;
    const seller = source.player();
    const resource = source.resource();
    const quantity = random.int(1, 20);
    const price = Math.max(1, Math.round((resource.basePrice * random.int(75, 125)) / 100));
    const fate = random.int(1, 10);
    const status = fate <= 5 ? 'active' : fate <= 9 ? 'sold' : 'cancelled';
    const at = firstMoment + made * step + random.int(0, step - 2);
    const listing = [id, seller, resource.id, quantity, price, status, textOf(at)];
    if (status !== 'sold') {
      yield { listing };
      continue;
    }
    let buyer = source.player();
    while (buyer === seller) buyer = source.player();
    const soldAt = textOf(random.int(at + 1, firstMoment + (made + 1) * step - 1));
    const sale = [saleId++, id, buyer, seller, resource.id, quantity, quantity * price, soldAt];
    yield { listing, sale };
  }
}

/** As DATETIME(3) takes it, UTC: '2025-11-08 00:00:12.345'. */
const textOf = (moment: number): string => new Date(moment).toISOString().slice(0, 23).replace('T', ' ');
