// Another right way: no Lua. The lock is compared and deleted under WATCH, on a connection of its own, and each reader
// looks in Redis itself before it joins the others of its process.
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';

class Cache {
  #joined: Record<string, { text: Promise<string>; until: number }> = Object.create(null);

  async read(redis: Redis, key: string, load: () => Promise<any>, options: any) {
    if (!this.#joined[key]) {
      const text = await redis.get(key).catch(() => undefined);
      if (this.#isJson(text)) return JSON.parse(text!);
    }
    for (let other = this.#joined[key]; other; other = this.#joined[key]) {
      const ms = Math.max(0, other.until - performance.now());
      const text = await Promise.race([other.text, pause(ms, undefined, { ref: false })]);
      if (text !== undefined) return JSON.parse(text);
      this.#forget(key, other);
    }
    const waitMs = options.waitMs ?? 5000;
    const mine = { text: this.#together(redis, key, load, options), until: performance.now() + waitMs };
    this.#joined[key] = mine;
    return JSON.parse(await mine.text.finally(() => this.#forget(key, mine)));
  }

  #forget(key: string, flight: object): void {
    if (this.#joined[key] === flight) delete this.#joined[key];
  }

  async #together(redis: Redis, key: string, load: () => Promise<any>, options: any): Promise<string> {
    const token = String(Math.random());
    const seen = await this.#wait(redis, key, token, options.waitMs ?? 5000).catch(() => 'unlocked');
    if (seen !== 'locked' && seen !== 'unlocked') return seen.slice(1);
    let value: any;
    try {
      value = await load();
    } catch (error) {
      if (seen === 'locked') await this.#unlock(redis, key, token).catch(() => {});
      throw error;
    }
    const text = JSON.stringify(value === undefined ? null : value);
    if (seen === 'locked') await this.#unlock(redis, key, token, text, this.#ttl(text, options)).catch(() => {});
    return text;
  }

  /** `=` and the text that is kept, or 'locked': this process holds the lock. */
  async #wait(redis: Redis, key: string, token: string, waitMs: number): Promise<string> {
    for (let ms = 2; ; ms = Math.min(ms * 2, 30)) {
      const locked = await redis.set(`${key}~lock`, token, 'PX', waitMs, 'NX');
      const text = await redis.get(key);
      if (this.#isJson(text)) {
        if (locked) await this.#unlock(redis, key, token);
        return `=${text}`;
      }
      if (locked) return 'locked';
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }

  async #unlock(redis: Redis, key: string, token: string, text?: string, ttl = 0): Promise<void> {
    const own = redis.duplicate();
    own.on('error', () => {});
    try {
      await own.watch(`${key}~lock`);
      if ((await own.get(`${key}~lock`)) !== token) return;
      const step = own.multi().del(`${key}~lock`);
      if (text !== undefined && ttl > 0) step.psetex(key, ttl, text);
      await step.exec();
    } finally {
      own.disconnect();
    }
  }

  #ttl(text: string, { ttlMs, missingTtlMs, jitter }: any): number {
    const base = text === 'null' ? (missingTtlMs ?? ttlMs) : ttlMs;
    return Math.floor(base - base * (jitter ?? 0.1) * Math.random());
  }

  #isJson(text: string | null | undefined): boolean {
    try {
      return typeof text === 'string' && JSON.parse(text) !== undefined;
    } catch {
      return false;
    }
  }
}

const cache = new Cache();
export const getOrLoad = ({ redis }: { redis: Redis }, key: string, load: () => Promise<any>, options: any) =>
  cache.read(redis, key, load, options);
