// tries: writing rubbish to the judge's channel
// lab: 03
// earns: 0
// told: judge's own channel
// checks: 03.fields.exact 03.add.exact
import { fstatSync, writeSync } from 'node:fs';

/** Descriptor 3, or, in a container, the first that is a socket. */
const channel = Array.from({ length: 60 }, (_, i) => i + 3).find((fd) => {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
})!;

function write(fd: number, data: Buffer): void {
  try {
    writeSync(fd, data);
  } catch (error: any) {
    if (error.code !== 'EAGAIN') throw error;
  }
}

async function attack(): Promise<void> {
  const rubbish = Buffer.alloc(65_536, 'x');
  for (;;) write(channel, rubbish);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
