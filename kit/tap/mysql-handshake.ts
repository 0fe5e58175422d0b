import { integer } from './mysql-bytes.ts';
import { Refused } from './refused.ts';

const MYSQL = 1;
const COMPRESS = 1 << 5;
const SSL = 1 << 11;
const MULTI_STATEMENTS = 1 << 16;
const DEPRECATE_EOF = 1 << 24;
const OPTIONAL_METADATA = 1 << 25;
const ZSTD = 1 << 26;
const QUERY_ATTRIBUTES = 1 << 27;
/** MariaDB's own capabilities, counted from bit 32. */
const CACHE_METADATA = 1 << 4;

/** What client and server agreed on, as far as it changes the packets. */
export interface Agreed {
  deprecateEof: boolean;
  queryAttributes: boolean;
  cacheMetadata: boolean;
}

/** What a server offers in its greeting. */
export interface Offered {
  flags: number;
  mariadb: number;
}

/** Reads the capabilities out of a greeting (protocol 10). */
export function readGreeting(payload: Uint8Array): Offered {
  const version = payload.indexOf(0, 1);
  if (payload[0] !== 10 || version < 0) throw new Refused('this is not the protocol of MySQL');
  // thread id 4, scramble 8, filler 1
  const at = version + 1 + 13;
  const flags = (integer(payload, at, 2) | (integer(payload, at + 5, 2) << 16)) >>> 0;
  // upper flags end at 7, scramble's length 1, 6 reserved, then MariaDB's 4
  return { flags, mariadb: flags & MYSQL ? 0 : integer(payload, at + 14, 4) };
}

/**
 * Reads the capabilities out of a client's login.
 *
 * @throws Refused where the client wants what cannot be counted.
 */
export function readLogin(payload: Uint8Array, offered: Offered): Agreed {
  const wanted = integer(payload, 0, 4);
  if (wanted & SSL) throw new Refused('TLS cannot be counted');
  const flags = wanted & offered.flags;
  if (flags & COMPRESS || flags & ZSTD) throw new Refused('compression cannot be counted');
  if (flags & MULTI_STATEMENTS) {
    throw new Refused('multipleStatements cannot be counted: send one statement a query');
  }
  if (flags & OPTIONAL_METADATA) throw new Refused('results without metadata cannot be counted');
  const mariadb = wanted & MYSQL ? 0 : integer(payload, 28, 4) & offered.mariadb;
  return {
    deprecateEof: Boolean(flags & DEPRECATE_EOF),
    queryAttributes: Boolean(flags & QUERY_ATTRIBUTES),
    cacheMetadata: Boolean(mariadb & CACHE_METADATA),
  };
}
