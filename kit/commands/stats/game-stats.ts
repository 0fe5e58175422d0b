import type { CacheStats } from '../../../src/cache/cache-stats.ts';
import { fixturePassword } from '../../../src/worlds/market/fixture.ts';

/** A running game's figures, asked for as its game master. */
export interface GameStats {
  read(): Promise<CacheStats>;
  /** Ends the log-in. */
  close(): Promise<void>;
}

/**
 * Logs in at a running game; undefined where nothing answers at the address.
 *
 * @param url `http://127.0.0.1:5000`
 * @throws Error where something else answers, or the game lets nobody in: it says what it answered.
 */
export async function gameStats(url: string): Promise<GameStats | undefined> {
  const ask = async (path: string, init: RequestInit) => {
    const response = await fetch(`${url}/api${path}`, { signal: AbortSignal.timeout(10_000), ...init });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new Error(`${url}/api${path} answered ${response.status}: ${text.slice(0, 200)}`);
  };
  const login = { login: 'master', password: fixturePassword };
  const json = { 'content-type': 'application/json' };
  let token: string;
  try {
    token = (await ask('/auth/login', { method: 'POST', headers: json, body: JSON.stringify(login) }))
      .access_token;
  } catch (error) {
    const code = ((error as Error).cause as { code?: string } | undefined)?.code;
    if (code === 'ECONNREFUSED') return undefined;
    if (code) throw new Error(`No game answers at ${url}: ${code}`, { cause: error });
    throw error;
  }
  const headers = { authorization: `Bearer ${token}` };
  return {
    read: () => ask('/stats', { headers }),
    close: () =>
      ask('/auth/logout', { method: 'POST', headers })
        .then(() => {})
        .catch(() => {}),
  };
}
