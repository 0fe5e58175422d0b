import type { Connection } from 'mysql2/promise';
import { CLOCK_START } from '../../kit/judge/environment.ts';
import type { Draw } from '../../kit/judge/seed.ts';
import type { Earning, LeaderboardRow } from '../../src/contracts/leaderboard.ts';
import { fixturePasswordHash } from '../../src/worlds/market/fixture.ts';

/** A player who buys and never sells. */
const BUYER = 5_000;

/**
 * The sales of a check: drawn, told of, and committed in MySQL when the check says so.
 *
 * @example
 * const sales = await Sales.into(mysql, draw, { players: 20, sales: 60 });
 * const one = sales.draft(31, 500);
 * await sales.commit([one]);
 * sales.board()[0] // { playerId: 7, login: 'p7-4711', earned: 51230, rank: 1 }
 */
export class Sales {
  /** Those that MySQL holds. */
  readonly committed: Earning[] = [];
  #mysql: Connection;
  #draw: Draw;
  #logins = new Map<number, string>();
  #known = new Set<number>();
  #lastId = 0;

  private constructor(mysql: Connection, draw: Draw) {
    this.#mysql = mysql;
    this.#draw = draw;
  }

  /** Empties the game of players and sales, and commits so many sales of as many players, ids from 1. */
  static async into(
    mysql: Connection,
    draw: Draw,
    { players, sales }: { players: number; sales: number },
  ): Promise<Sales> {
    for (const table of ['sales', 'listings', 'inventories', 'players'])
      await mysql.query(`DELETE FROM ${table}`);
    const made = new Sales(mysql, draw);
    const drafts = Array.from({ length: sales }, (_, i) =>
      made.draft(i < players ? i + 1 : draw.int(1, players), draw.int(1, 20_000)),
    );
    await made.commit(drafts);
    return made;
  }

  /** A sale that nobody knows of yet, with the next id. */
  draft(playerId: number, earned: number): Earning {
    this.#lastId += this.#draw.int(1, 3);
    return { saleId: this.#lastId, playerId, login: this.login(playerId), earned };
  }

  login(playerId: number): string {
    const login = this.#logins.get(playerId) ?? `p${playerId}-${this.#draw.int(1_000, 9_999)}`;
    this.#logins.set(playerId, login);
    return login;
  }

  /** Writes sales to MySQL: two days old, or with `ago` so many ms before the clock of the check. */
  async commit(sales: readonly Earning[], { ago }: { ago?: number } = {}): Promise<void> {
    const players = [BUYER, ...sales.map(({ playerId }) => playerId)].filter((id) => !this.#known.has(id));
    const rows = [...new Set(players)].map((id) => [id, this.login(id), this.login(id), fixturePasswordHash]);
    if (rows.length > 0)
      await this.#mysql.query('INSERT INTO players (id, login, display_name, password_hash) VALUES ?', [
        rows,
      ]);
    for (const id of players) this.#known.add(id);
    if (sales.length === 0) return;
    const sellers = [...this.#known];
    const values = sales.map(({ saleId, playerId, earned }) => {
      const at = CLOCK_START - (ago ?? 2 * 86_400_000 - saleId * 1000);
      const others = sellers.filter((id) => id !== playerId);
      return [saleId, this.#draw.pick(others), playerId, 1, 1, earned, new Date(at)];
    });
    await this.#mysql.query(
      'INSERT INTO sales (id, buyer_id, seller_id, resource_id, quantity, total_price, sold_at) VALUES ?',
      [values],
    );
    this.committed.push(...sales);
  }

  /** The leaderboard of what is committed, as it should be. */
  board(): LeaderboardRow[] {
    return boardOf(this.committed);
  }
}

/** The leaderboard of these sales, each once. */
export function boardOf(sales: readonly Earning[]): LeaderboardRow[] {
  const rows = new Map<number, LeaderboardRow>();
  for (const { playerId, login, earned } of sales) {
    const row = rows.get(playerId) ?? { playerId, login, earned: 0, rank: 0 };
    row.earned += earned;
    rows.set(playerId, row);
  }
  const sorted = [...rows.values()].sort((a, b) => b.earned - a.earned || a.playerId - b.playerId);
  for (const row of sorted) row.rank = 1 + sorted.findIndex(({ earned }) => earned === row.earned);
  return sorted;
}
