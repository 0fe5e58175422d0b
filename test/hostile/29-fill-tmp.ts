// tries: writing files to /tmp until the disk is full
// lab: 03
// earns: 0
// told: tried to write a file|ENOSPC|EFBIG|SIGXFSZ
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

async function attack(): Promise<void> {
  for (let i = 0; ; i++) writeFileSync(`${tmpdir()}/storelab-hostile-${i}`, Buffer.alloc(8_000_000, 1));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
