import type { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { ServersUnavailable } from './errors.ts';

const MB = 1024 * 1024;
/** What checks need at least, bytes: the largest has some 20 MB in Redis, and sends MySQL 200 KB at once. */
const REDIS_BYTES = 64 * MB;
const PACKET_BYTES = MB;

/** What a MySQL of somebody else's may have set otherwise, and a check would trip over. */
const session: Record<string, string | number> = {
  // A check may wait for a student's code longer than a server waits for the judge's next statement.
  wait_timeout: 28_800,
  sql_mode: "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  autocommit: 1,
};

/**
 * Makes a session of the judge's own independent of how its server was started. It waits `lockWaitS` for a locked row or table, s.
 *
 * @throws ServersUnavailable SETTING_TOO_SMALL where that cannot be done: `max_allowed_packet` is.
 */
export async function settleSession(mysql: Connection, { lockWaitS }: { lockWaitS: number }): Promise<void> {
  const settings = { ...session, lock_wait_timeout: lockWaitS, innodb_lock_wait_timeout: lockWaitS };
  const all = Object.entries(settings).map(([name, value]) => `SESSION ${name} = ${value}`);
  await mysql.query(`SET ${all.join(', ')}`);
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT @@max_allowed_packet AS packet');
  const packet = Number(rows[0]!.packet);
  if (packet < PACKET_BYTES)
    throw new ServersUnavailable(
      'SETTING_TOO_SMALL',
      `This MySQL takes statements of at most ${packet} bytes (max_allowed_packet), and the checks need ${PACKET_BYTES}: start it with --max-allowed-packet=16M, or set LAB_SERVERS=local.`,
    );
}

/** @throws ServersUnavailable SETTING_TOO_SMALL where this Redis may hold less than the checks need. */
export async function needRoom(redis: Redis): Promise<void> {
  const most = Number(/^maxmemory:(\d+)/m.exec(await redis.info('memory'))?.[1] ?? 0);
  if (most > 0 && most < REDIS_BYTES)
    throw new ServersUnavailable(
      'SETTING_TOO_SMALL',
      `This Redis may hold at most ${most} bytes (maxmemory), and the checks need ${REDIS_BYTES}: start it with --maxmemory 256mb, or set LAB_SERVERS=local.`,
    );
}
