import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Pool } from 'mysql2/promise';
import type { RedisAddress } from '../../kit/servers/address.ts';
import { flatHash, INDEX, MARKER, pagesOf, scoresOf } from './pages.ts';

/** A command in RESP, as it crosses the wire. Everything here is ASCII, so a length is a number of bytes. */
export function resp(...words: (string | number)[]): string {
  let text = `*${words.length}\r\n`;
  for (const word of words) {
    const value = typeof word === 'string' ? word : String(word);
    text += `$${value.length}\r\n${value}\r\n`;
  }
  return text;
}

/** Waits for so many lines of reply, and looks at each: to these commands, every reply is one line. */
async function replies(socket: Socket, lines: number): Promise<void> {
  let text = '';
  for (let seen = 0; seen < lines; ) {
    const [chunk] = (await once(socket, 'data')) as [string];
    text += chunk;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', end + 1)) seen++;
  }
  const error = /^-.*$/m.exec(text);
  if (error) throw new Error(error[0].slice(1).trim());
}

/** No client at all: a page is one text, written to the socket inside MULTI, the marker with it. */
export async function syncAllOrdersToRedis(ctx: {
  mysql: Pool;
  redisAddress: RedisAddress;
}): Promise<number> {
  const { path, host, port, username, password } = ctx.redisAddress;
  const socket = path ? connect(path) : connect(port ?? 6379, host ?? '127.0.0.1');
  socket.setEncoding('latin1');
  if (password) {
    socket.write(resp('AUTH', username ?? 'default', password));
    await replies(socket, 1);
  }
  let count = 0;
  try {
    for await (const page of pagesOf(ctx.mysql, { prefetch: true })) {
      count += page.length;
      let text = resp('MULTI') + resp('DEL', ...page.map(({ id }) => `order:${id}`));
      for (const order of page) text += resp('HSET', `order:${order.id}`, ...flatHash(order));
      text += resp('ZADD', INDEX, ...scoresOf(page));
      text += resp('HSET', MARKER, 'cursor', page.at(-1)!.id, 'count', count) + resp('EXEC');
      const answered = replies(socket, 2 * (page.length + 3) + 2); // QUEUED and a reply each, OK and the array's head
      socket.write(text, 'latin1');
      await answered;
    }
    return count;
  } finally {
    socket.destroy();
  }
}
