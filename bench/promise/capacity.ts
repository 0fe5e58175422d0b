import type { LoadOptions, LoadResult } from './install-load.ts';
import type { Requests } from './mixes.ts';

/** A request may take so long, of 99 in 100, before a user is said to wait, ms. */
export const P99_MS = 20;
/** The search ends here: autocannon itself needs a processor. */
const MOST_USERS = 512;
const PROBE_S = 3;

/** One look at so many users, each of whom asks again as soon as it is answered; latencies in ms. */
export interface Probe {
  users: number;
  /** Requests a second. */
  reached: number;
  total: number;
  mean: number;
  p99: number;
}

export interface Loaded {
  load(options: LoadOptions): Promise<LoadResult>;
  url: string;
  requests: Requests;
}

/**
 * @throws Error where a request was refused or failed: then nothing was measured.
 */
export async function probe({ load, url, requests }: Loaded, users: number): Promise<Probe> {
  // Each connection goes through the requests from another place on.
  const { non2xx, errors, timeouts, ...seen } = await load({
    url,
    connections: users,
    duration: PROBE_S,
    requests,
  });
  if (non2xx + errors + timeouts > 0)
    throw new Error(
      `With ${users} users ${non2xx} requests were refused, ${errors} failed, ${timeouts} were too late.`,
    );
  const { average: mean, p99 } = seen.latency;
  return { users, reached: seen.requests.average, total: seen.requests.total, mean, p99 };
}

/**
 * The most users of whom 99 in 100 requests are answered within P99_MS: doubled until they are not, then halved in between, to
 * 10 %.
 *
 * @returns 0 where one user already waits longer.
 */
export async function capacity(game: Loaded, onProbe: (one: Probe) => void): Promise<number> {
  const holds = async (users: number) => {
    const one = await probe(game, users);
    onProbe(one);
    return one.p99 <= P99_MS;
  };
  if (!(await holds(1))) return 0;
  let least = 1;
  while (least < MOST_USERS && (await holds(least * 2))) least *= 2;
  let most = least * 2;
  while (most - least > Math.max(1, least / 10) && most <= MOST_USERS) {
    const between = Math.round((least + most) / 2);
    if (await holds(between)) least = between;
    else most = between;
  }
  return least;
}
