import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Taps } from './support/taps.ts';

const taps = new Taps();
beforeAll(() => taps.open());
afterAll(() => taps.close());
afterEach(() => taps.endClients());

describe('Tap', () => {
  it('refuse() closes as many connections as told, then lets them in', async () => {
    taps.reset({ holdMs: 0 });
    taps.mysql.refuse(2);
    const connect = () => createConnection(taps.mysqlLogin());
    await expect(connect()).rejects.toThrow();
    await expect(connect()).rejects.toThrow();
    await (await connect()).end();
    expect(taps.mysql.counts()).toMatchObject({ connections: 1, refusedConnections: 2 });
  });

  it.each([
    { executed: true, kept: 3 },
    { executed: false, kept: 2 },
  ])('cutAfter() cuts at the k-th command, carried out: $executed', async ({ executed, kept }) => {
    const redis = await taps.client();
    const judge = await taps.client({}, { direct: true });
    await judge.del('list');
    taps.reset({ holdMs: 0 });
    const fault = taps.redis.cutAfter(3, { executed });
    const pipeline = redis.pipeline();
    for (let i = 1; i <= 5; i++) pipeline.rpush('list', i);
    expect((await pipeline.exec())?.every(([error]) => error)).toBe(true);
    expect(await fault.happened).toEqual({ command: 'RPUSH list 3', executed });
    expect(await judge.llen('list')).toBe(kept);
    await expect(taps.client()).rejects.toThrow();
    fault.restore();
    expect(await (await taps.client()).ping()).toBe('PONG');
  });

  it('cutAfter() works on MySQL too, and a reset gives it up', async () => {
    const pool = taps.pool({ connectionLimit: 1 });
    await pool.query('CREATE TABLE IF NOT EXISTS cuts (id INT)');
    taps.reset({ holdMs: 0 });
    const fault = taps.mysql.cutAfter(2);
    await pool.query('INSERT INTO cuts VALUES (1)');
    await expect(pool.query('INSERT INTO cuts VALUES (2)')).rejects.toThrow();
    expect((await fault.happened).command).toBe('QUERY INSERT INTO cuts VALUES (2)');
    taps.meter.reset();
    const [rows] = await taps.pool().query('SELECT id FROM cuts ORDER BY id');
    expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('disconnectAll() closes connections and leaves nothing outstanding', async () => {
    const redis = await taps.client();
    taps.reset({ holdMs: 500 });
    const lost = redis.get('a');
    lost.catch(() => {});
    await expect.poll(() => taps.redis.outstanding().length).toBe(1);
    taps.redis.disconnectAll();
    await expect(lost).rejects.toThrow();
    expect(taps.redis.outstanding()).toEqual([]);
  });

  it('settled() says false while something stays outstanding', async () => {
    const pool = taps.pool();
    await pool.query('SELECT 1');
    taps.reset({ holdMs: 0 });
    const slow = pool.query('SELECT SLEEP(0.3)');
    await expect
      .poll(() => taps.mysql.outstanding().map(({ command }) => command))
      .toEqual(['QUERY SELECT SLEEP(0.3)']);
    expect(await taps.mysql.settled({ timeoutMs: 50 })).toBe(false);
    await slow;
    expect(await taps.mysql.settled()).toBe(true);
  });
});
