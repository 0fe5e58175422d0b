// tries: writing rubbish to the judge's channel
// lab: 03
// earns: 0
// told: judge's own channel
// checks: 03.fields.exact 03.add.exact
import { writeSync } from 'node:fs';

function write(fd: number, data: Buffer): void {
  try {
    writeSync(fd, data);
  } catch (error: any) {
    if (error.code !== 'EAGAIN') throw error;
  }
}

async function attack(): Promise<void> {
  const rubbish = Buffer.alloc(65_536, 'x');
  for (;;) write(3, rubbish);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
