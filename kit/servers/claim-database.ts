import { Redis } from 'ioredis';
import type { RedisAddress } from './address.ts';
import { redisClientOptions } from './clients.ts';
import { messageOf, ServersUnavailable } from './errors.ts';
import { flusher } from './flush.ts';
import type { PrivateRedis } from './servers.ts';
import { redisAddress } from './url-addresses.ts';
import { placeOf } from './urls.ts';
import { redisVersion } from './versions.ts';

const claimName = 'storelab-check';

/**
 * A logical database for checks on a Redis that is not ours: the one that `REDIS_CHECK_URL` names, else the first
 * of 15 down to 1 that is empty, that no connection uses, and that is not the URL's own. It is cleared with
 * FLUSHDB alone. The claim is an open connection, so it ends with this process.
 *
 * @throws ServersUnavailable DATABASE_NOT_EMPTY where none is free
 */
export async function claimDatabase(served: RedisAddress): Promise<PrivateRedis> {
  const chosen = process.env.REDIS_CHECK_URL;
  const server = chosen ? redisAddress(chosen, 'REDIS_CHECK_URL') : served;
  const candidates = chosen
    ? [server.db ?? 0]
    : Array.from({ length: 15 }, (_, index) => 15 - index).filter((db) => db !== (served.db ?? 0));
  let reason = '';
  for (const db of candidates) {
    const address = { ...server, db };
    const claim = await tryClaim(address);
    if (typeof claim !== 'string') return claimed(address, claim);
    reason = claim;
  }
  const place = placeOf(server);
  const message = chosen
    ? `Checks clear the database that REDIS_CHECK_URL names, and ${reason}: empty it yourself, or name another.`
    : `Checks need an empty logical database at ${place}, and found none (${reason}): empty one, set REDIS_CHECK_URL to another server, or unset MYSQL_URL and REDIS_URL.`;
  throw new ServersUnavailable('DATABASE_NOT_EMPTY', message);
}

function claimed(address: RedisAddress, { claim, info }: Claim): PrivateRedis {
  const { flush, close } = flusher(address, 'database');
  return {
    address,
    admin: address,
    scope: 'database',
    version: redisVersion(info),
    flush,
    async close() {
      // What the checks left must not make the next run refuse this database.
      await flush().catch(() => {});
      close();
      claim.disconnect();
    },
  };
}

interface Claim {
  claim: Redis;
  info: string;
}

/** The claiming connection, or why this database cannot be had. */
async function tryClaim(address: RedisAddress): Promise<Claim | string> {
  const claim = new Redis({
    ...redisClientOptions(address),
    connectionName: claimName,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  claim.on('error', () => {});
  try {
    await claim.connect();
    // ioredis goes on in database 0 where a SELECT failed.
    await claim.select(address.db ?? 0);
    const keys = await claim.dbsize();
    if (keys > 0) throw new Error(`database ${address.db} of ${placeOf(address)} holds ${keys} keys`);
    const id = await claim.client('ID');
    const others = usersOf(String(await claim.client('LIST')), address.db ?? 0).filter((other) => {
      // Of two that claim at once, the older connection has it.
      return other.id !== id && (other.name !== claimName || other.id < id);
    });
    if (others.length > 0) throw new Error(`database ${address.db} of ${placeOf(address)} is in use`);
    const info = await claim.info('server');
    claim.stream?.unref();
    return { claim, info };
  } catch (error) {
    claim.disconnect();
    return messageOf(error);
  }
}

/** The connections that have selected this database, from the text of CLIENT LIST. */
function usersOf(list: string, db: number): { id: number; name: string }[] {
  return list
    .split('\n')
    .map((line) => new Map(line.split(' ').map((field) => field.split('=', 2) as [string, string])))
    .filter((client) => client.get('db') === String(db))
    .map((client) => ({ id: Number(client.get('id')), name: client.get('name') ?? '' }));
}
