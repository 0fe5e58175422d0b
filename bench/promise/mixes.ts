import { fixturePassword } from '../../src/worlds/market/fixture.ts';
import type { LoadOptions } from './install-load.ts';

export type Requests = LoadOptions['requests'];

/** What players ask for: of 20 requests so many of each. */
export const mixes = {
  'reads only': 'weather and season 4, lists of offers 8, leaderboard 4, own inventory 4',
  trading:
    'as reads only, and 2 offers made in 22 requests, each of which invalidates a list and an inventory',
} as const;

export type Mix = keyof typeof mixes;

/**
 * The requests of a mix, by players who have logged in at this game.
 *
 * @param players their logins.
 */
export async function requestsOf(url: string, mix: Mix, players: readonly string[]): Promise<Requests> {
  const json = { 'content-type': 'application/json' };
  const tokens = await Promise.all(
    players.map(async (login) => {
      const body = JSON.stringify({ login, password: fixturePassword });
      const reply = await fetch(`${url}/api/auth/login`, { method: 'POST', headers: json, body });
      if (!reply.ok) throw new Error(`No log-in of ${login}: ${reply.status} ${await reply.text()}`);
      return ((await reply.json()) as { access_token: string }).access_token;
    }),
  );
  const get = (path: string, headers = {}) => ({ method: 'GET', path: `/api${path}`, headers });
  return tokens.flatMap((token, i) => {
    const auth = { authorization: `Bearer ${token}` };
    const list = (n: number) => get(`/market/listings?resource_id=${1 + ((i * 8 + n) % 20)}`);
    const reads = Array.from({ length: 4 }, (_, n) => [
      get('/environment/current'),
      list(2 * n),
      get('/leaderboard?limit=100'),
      list(2 * n + 1),
      get('/inventory', auth),
    ]).flat();
    const offer = (resource_id: number) => ({
      method: 'POST',
      path: '/api/market/listings',
      headers: { ...auth, ...json },
      body: JSON.stringify({ resource_id, quantity: 1, unit_price: 5 }),
    });
    return mix === 'trading' ? [...reads, offer(1 + (i % 20)), offer(1 + ((i + 7) % 20))] : reads;
  });
}
