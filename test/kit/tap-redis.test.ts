import { once } from 'node:events';
import { createConnection } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Taps } from './support/taps.ts';

const taps = new Taps();
beforeAll(() => taps.open());
afterAll(() => taps.close());
afterEach(() => taps.endClients());

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

describe.each([2, 3] as const)('openRedisTap() with RESP%i', (protocol) => {
  const client = () => taps.client({ protocol });

  it('counts six awaited HSET as six trips', async () => {
    const redis = await client();
    const figures = await taps.measure(async () => {
      for (const i of numbers(6)) await redis.hset('order:1', `field${i}`, i);
    });
    expect(figures).toEqual({ commands: 6, trips: 6 });
  });

  it('counts a mapping as one', async () => {
    const redis = await client();
    expect(
      await taps.measure(() => redis.hset('order:1', { id: 1, user_id: 2, total_amount: '9.99' })),
    ).toEqual({
      commands: 1,
      trips: 1,
    });
  });

  it('counts a pipeline of 100 as one trip', async () => {
    const redis = await client();
    const figures = await taps.measure(async () => {
      const pipeline = redis.pipeline();
      for (const i of numbers(100)) pipeline.set(`key:${i}`, i);
      await pipeline.exec();
    });
    expect(figures).toEqual({ commands: 100, trips: 1 });
  });

  it('counts a MULTI of 10 as 12 commands in one trip', async () => {
    const redis = await client();
    const figures = await taps.measure(async () => {
      const multi = redis.multi();
      for (const i of numbers(10)) multi.set(`key:${i}`, i);
      await multi.exec();
    });
    expect(figures).toEqual({ commands: 12, trips: 1 });
  });

  it('counts Promise.all of 100 as one trip, on one connection and on ten', async () => {
    const redis = await client();
    const ten = await Promise.all(numbers(10).map(client));
    for (const _ of numbers(5)) {
      expect(await taps.measure(() => Promise.all(numbers(100).map((i) => redis.get(`key:${i}`))))).toEqual({
        commands: 100,
        trips: 1,
      });
      expect(
        await taps.measure(() => Promise.all(numbers(100).map((i) => ten[i % 10]!.get(`key:${i}`)))),
      ).toEqual({
        commands: 100,
        trips: 1,
      });
    }
  });

  it('counts N+1 as N+1, and the same read at once as two', async () => {
    const redis = await client();
    await redis.sadd('orders', numbers(10));
    const oneByOne = await taps.measure(async () => {
      for (const id of await redis.smembers('orders')) await redis.hgetall(`order:${id}`);
    });
    expect(oneByOne).toEqual({ commands: 11, trips: 11 });
    const atOnce = await taps.measure(async () => {
      const ids = await redis.smembers('orders');
      await Promise.all(ids.map((id) => redis.hgetall(`order:${id}`)));
    });
    expect(atOnce).toEqual({ commands: 11, trips: 2 });
  });

  it('does not count setting up a connection', async () => {
    const figures = await taps.measure(async () => {
      const redis = await taps.client({ protocol, connectionName: 'shop', db: 1 });
      await redis.get('a');
    });
    // the client's own first PING, then the GET
    expect(figures).toEqual({ commands: 2, trips: 2 });
    expect(taps.redis.transcript({ setup: true }).filter((event) => event.setup).length).toBeGreaterThan(3);
  });

  it('passes binary values and 3 MB through unchanged', async () => {
    const redis = await client();
    const value = Buffer.from(numbers(3_000_000).map((i) => (i * 7919) % 256));
    const figures = await taps.measure(async () => {
      await redis.set('large', value);
      expect((await redis.getBuffer('large'))?.equals(value)).toBe(true);
    });
    expect(figures).toEqual({ commands: 2, trips: 2 });
    const { bytesSent, bytesReceived, largestBacklog } = taps.redis.counts();
    expect(bytesSent).toBeGreaterThan(3_000_000);
    expect(bytesReceived).toBeGreaterThan(3_000_000);
    expect(largestBacklog.bytes).toBeGreaterThan(3_000_000);
    expect(JSON.stringify(taps.redis.transcript()).length).toBeLessThan(5000);
  });

  it('reads twenty replies of 1 MB in one trip without keeping them all', async () => {
    const redis = await client();
    await redis.set('large', Buffer.alloc(1_000_000, 1));
    const figures = await taps.measure(() => Promise.all(numbers(20).map(() => redis.getBuffer('large'))));
    expect(figures).toEqual({ commands: 20, trips: 1 });
  });

  it('counts a Lua script as one, errors as replies, and names the error', async () => {
    const redis = await client();
    await redis.set('text', 'a');
    const figures = await taps.measure(async () => {
      await redis.eval(
        'for i = 1, 10 do redis.call("set", KEYS[1], i) end return redis.call("get", KEYS[1])',
        1,
        'key',
      );
      await expect(redis.lpush('text', 1)).rejects.toThrow('WRONGTYPE');
    });
    expect(figures).toEqual({ commands: 2, trips: 2 });
    expect(taps.redis.counts().errors).toBe(1);
    expect(taps.redis.transcript().at(-1)?.error).toContain('WRONGTYPE');
  });

  it('carries messages as pushes, which count as nothing', async () => {
    const [subscriber, publisher] = await Promise.all([client(), client()]);
    const figures = await taps.measure(async () => {
      await subscriber.subscribe('a', 'b');
      const message = once(subscriber, 'message');
      await publisher.publish('a', 'hello');
      expect(await message).toEqual(['a', 'hello']);
      await subscriber.unsubscribe('a', 'b');
    });
    expect(figures).toEqual({ commands: 3, trips: 3 });
    const pushed = taps.redis.transcript().filter(({ kind, name }) => kind === 'push' && name === 'message');
    expect(pushed.map(({ text }) => text)).toEqual(['a hello']);
    expect(taps.redis.outstanding()).toEqual([]);
  });

  it('exempts blocking reads from what is outstanding', async () => {
    const [waiting, redis] = await Promise.all([client(), client()]);
    taps.reset();
    const popped = waiting.blpop('queue', 0);
    await expect.poll(() => taps.meter.commands).toBe(1);
    expect(taps.redis.outstanding()).toEqual([]);
    expect(taps.redis.atRest).toBe(false);
    expect(await taps.redis.settled()).toBe(true);
    expect(await taps.measure(() => redis.get('a'))).toEqual({ commands: 1, trips: 1 });
    await redis.rpush('queue', 'job');
    expect(await popped).toEqual(['queue', 'job']);
    expect(taps.redis.atRest).toBe(true);
  });
});

describe('openRedisTap()', () => {
  it('names a write that nobody awaited', async () => {
    const redis = await taps.client();
    taps.reset({ holdMs: 50 });
    void redis.set('order:1', 'x');
    await expect
      .poll(() => taps.redis.outstanding().map(({ command }) => command))
      .toEqual(['SET order:1 x']);
    expect(await taps.redis.settled()).toBe(true);
    expect(taps.redis.outstanding()).toEqual([]);
  });

  it('delivers invalidations of client-side caching as pushes', async () => {
    const [cache, writer] = await Promise.all([taps.client({ protocol: 3 }), taps.client()]);
    await cache.client('TRACKING', 'ON');
    const figures = await taps.measure(async () => {
      await cache.get('watched');
      await writer.set('watched', 1);
      await cache.get('watched');
    });
    expect(figures).toEqual({ commands: 3, trips: 3 });
    expect(taps.redis.transcript().filter(({ name }) => name === 'invalidate')).toHaveLength(1);
  });

  it('counts a trip for each message that a command waited for', async () => {
    const [listener, writer] = await Promise.all([taps.client(), taps.client()]);
    await listener.subscribe('done');
    const figures = await taps.measure(async () => {
      const replies: Promise<unknown>[] = [];
      await new Promise<void>((resolve) => {
        // Each command is sent for the message that the one before it published; no reply is waited for.
        listener.on('message', (_channel, n) => (Number(n) < 20 ? publish(Number(n) + 1) : resolve()));
        const publish = (n: number) => replies.push(writer.publish('done', String(n)));
        publish(1);
      });
      await Promise.all(replies);
    });
    expect(figures).toEqual({ commands: 20, trips: 20 });
  });

  it('counts to ask for invalidations, which reads keys from then on', async () => {
    const cache = await taps.client({ protocol: 3 });
    const figures = await taps.measure(() => cache.client('TRACKING', 'ON', 'BCAST'));
    expect(figures).toEqual({ commands: 1, trips: 1 });
  });

  it('counts all that crosses, and no reset sets that back', async () => {
    const redis = await taps.client();
    taps.reset({ holdMs: 0 });
    const { crossings } = taps.meter;
    await redis.get('a');
    expect(taps.meter.crossings).toBeGreaterThanOrEqual(crossings + 2);
    const after = taps.meter.crossings;
    taps.meter.reset();
    expect(taps.meter.crossings).toBe(after);
    await taps.client();
    expect(taps.meter.crossings).toBeGreaterThan(after);
  });

  it('adds its latency to each trip', async () => {
    const redis = await taps.client();
    taps.reset({ holdMs: 0 });
    taps.redis.latencyMs = 20;
    const started = performance.now();
    await redis.get('a');
    await redis.get('a');
    expect(performance.now() - started).toBeGreaterThanOrEqual(39);
    const inPipeline = performance.now();
    await redis.pipeline().get('a').get('a').exec();
    expect(performance.now() - inPipeline).toBeGreaterThanOrEqual(19);
    expect(taps.meter.trips).toBe(3);
  });

  it('bounds its transcript and says how much it left out', async () => {
    const redis = await taps.client();
    taps.reset();
    const pipeline = redis.pipeline();
    for (const i of numbers(5000)) pipeline.set(`key:${i}`, i);
    await pipeline.exec();
    const events = taps.redis.transcript();
    const gap = events.find(({ kind }) => kind === 'gap');
    expect(events.length).toBeLessThanOrEqual(2001);
    expect(gap?.count).toBe(10_000 - (events.length - 1));
    expect(events.at(-1)).toMatchObject({ kind: 'reply', name: 'SET', text: 'OK' });
  });

  it('counts from zero after a reset, a reply under way included', async () => {
    const redis = await taps.client();
    taps.reset({ holdMs: 100 });
    const written = redis.set('a', 1);
    await expect.poll(() => taps.meter.commands).toBe(1);
    taps.meter.reset();
    await written;
    expect(taps.redis.counts()).toMatchObject({ commands: 0, trips: 0, bytesReceived: 0 });
    expect(taps.redis.transcript()).toEqual([]);
    taps.redis.holdMs = 5;
    await redis.get('a');
    expect(taps.meter.trips).toBe(1);
  });

  it('slows the server down for a client that does not read', async () => {
    const writer = await taps.client();
    await writer.set('large', Buffer.alloc(4_000_000, 1));
    taps.reset({ holdMs: 0 });
    const { path } = taps.redis;
    const slow = createConnection(path);
    await once(slow, 'connect');
    slow.pause();
    const direct = await taps.client({}, { direct: true });
    const { username = 'default', password = '' } = direct.options;
    slow.write(
      `AUTH ${username} ${password}`
        .split(' ')
        .map((arg) => `$${arg.length}\r\n${arg}\r\n`)
        .join('')
        .replace(/^/, '*3\r\n'),
    );
    slow.write('*2\r\n$3\r\nGET\r\n$5\r\nlarge\r\n'.repeat(100));
    const before = process.memoryUsage().arrayBuffers;
    await expect.poll(() => taps.redis.counts().commands).toBe(100);
    await expect
      .poll(async () => String(await direct.client('LIST')).match(/ omem=[1-9]/) !== null)
      .toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
    slow.destroy();
    expect(await writer.get('missing')).toBe(null);
  });

  it('refuses what it cannot count with a sentence in the protocol of Redis', async () => {
    const received = await sendRaw('PING\r\n');
    expect(received).toBe('-ERR tap: inline commands cannot be counted\r\n');
    expect(await sendRaw('\x16\x03\x01')).toContain('TLS cannot be counted');
    expect(taps.redis.refusals().at(-1)?.reason).toBe('tap: TLS cannot be counted');
  });

  it('survives garbage', async () => {
    for (const seed of numbers(30)) {
      const bytes = Buffer.from(numbers(500).map((i) => (i * 31 + seed * 97 + ((i * seed) >> 3)) % 256));
      await sendRaw(bytes);
    }
    const redis = await taps.client();
    expect(await redis.ping()).toBe('PONG');
  });

  it('ends clients when its server is gone', async () => {
    const { openRedisTap } = await import('../../kit/tap/redis.ts');
    const path = `${taps.redis.path}.gone`;
    const tap = await openRedisTap({ upstream: { path: `${path}.none` }, path, meter: taps.meter });
    const redis = new Redis({ path, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    redis.on('error', () => {});
    await expect(redis.ping()).rejects.toThrow();
    await tap.close();
  });
});

async function sendRaw(bytes: string | Uint8Array): Promise<string> {
  const socket = createConnection(taps.redis.path);
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  socket.on('error', () => {});
  socket.end(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(received).toString();
}
