import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';

/** The optional sorted set of all order ids; where it exists it is complete. */
const index = 'orders:index';
const pageSize = 5000;

/**
 * Makes `orders:index` list the orders of MySQL, where a lab keeps it at all: built anew beside it, then put in its
 * place in one step. Lab 02 may read through it, so an id too many or too few would show.
 */
export async function repairIndex({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<void> {
  if ((await redis.type(index)) !== 'zset') return;
  const fresh = `${index}:${process.pid}`;
  await redis.del(fresh);
  let after = 0;
  for (;;) {
    const [rows] = await mysql.query<RowDataPacket[]>(
      'SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?',
      [after, pageSize],
    );
    if (rows.length === 0) break;
    await redis.zadd(fresh, ...rows.flatMap(({ id }) => [id, id]));
    after = rows.at(-1)!.id;
  }
  if (after === 0) await redis.del(index);
  else await redis.rename(fresh, index);
}
