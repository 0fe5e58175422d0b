import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Taps } from './support/taps.ts';

const taps = new Taps();
beforeAll(() => taps.open());
afterAll(() => taps.close());
afterEach(() => taps.endClients());

/** Whether a promise is settled by now, after what lies in the sockets was read. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  promise.finally(() => {
    over = true;
  });
  await taps.redis.settled({ timeoutMs: 20 });
  return over;
}

describe('stallAt()', () => {
  it.each([
    { executed: true, held: '3' },
    { executed: false, held: '2' },
  ])(
    'lets the k-th command of a pipeline stand still, carried out: $executed',
    async ({ executed, held }) => {
      const redis = await taps.client();
      const judge = await taps.client({}, { direct: true });
      await judge.del('n');
      taps.reset({ holdMs: 0 });
      const stall = taps.redis.stallAt(3, { executed });
      const pipeline = redis.pipeline();
      for (let i = 1; i <= 3; i++) pipeline.incr('n');
      const replies = pipeline.exec();
      expect(await stall.happened).toBe('INCR n');
      const later = redis.incr('n');
      expect(await isOver(replies)).toBe(false);
      expect(await judge.get('n')).toBe(executed ? '4' : held); // of what was carried out, only replies wait
      stall.release();
      expect((await replies)?.map(([, reply]) => reply)).toEqual([1, 2, 3]);
      expect(await later).toBe(4);
    },
  );

  it.each([true, false])('works on MySQL, and other connections go on; carried out: %s', async (executed) => {
    const pool = taps.pool();
    await pool.query('CREATE TABLE IF NOT EXISTS stalls (id INT)');
    await pool.query('DELETE FROM stalls');
    taps.reset({ holdMs: 0 });
    const stall = taps.mysql.stallAt(1, { executed });
    const insert = pool.query('INSERT INTO stalls VALUES (1)');
    expect(await stall.happened).toBe('QUERY INSERT INTO stalls VALUES (1)');
    const ids = async () => ((await pool.query('SELECT id FROM stalls'))[0] as object[]).length;
    expect(await ids()).toBe(executed ? 1 : 0);
    expect(await isOver(insert)).toBe(false);
    stall.release();
    await insert;
    expect(await ids()).toBe(1);
  });

  it('is given up by release() before it happened, and let go by a reset', async () => {
    const redis = await taps.client();
    taps.reset({ holdMs: 0 });
    taps.redis.stallAt(1).release();
    expect(await redis.ping()).toBe('PONG');
    for (const executed of [true, false]) {
      const stall = taps.redis.stallAt(1, { executed });
      const reply = redis.ping();
      await stall.happened;
      taps.meter.reset();
      expect(await reply).toBe('PONG');
    }
  });

  it('is over when the connection is cut', async () => {
    const redis = await taps.client();
    taps.reset({ holdMs: 0 });
    const stall = taps.redis.stallAt(1, { executed: false });
    const reply = redis.ping();
    reply.catch(() => {});
    await stall.happened;
    taps.redis.disconnectAll();
    await expect(reply).rejects.toThrow();
    stall.release();
    expect(taps.redis.outstanding()).toEqual([]);
  });
});

describe('stallAtRows()', () => {
  it('keeps the next reply with rows, and nothing else', async () => {
    const [slow, other] = [taps.pool({ connectionLimit: 1 }), taps.pool({ connectionLimit: 1 })];
    await Promise.all([slow.query('SELECT 0'), other.query('SELECT 0')]);
    taps.reset({ holdMs: 0 });
    const stall = taps.mysql.stallAtRows();
    await slow.query('SET @a = 1');
    const answer = slow.query('SELECT @a AS a');
    expect(await stall.happened).toBe('QUERY SELECT @a AS a');
    expect((await other.query('SELECT 2 AS a'))[0]).toEqual([{ a: 2 }]);
    expect(await isOver(answer)).toBe(false);
    stall.release();
    expect((await answer)[0]).toEqual([{ a: 1 }]);
  });
});
