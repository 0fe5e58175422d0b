// tries: registering a beforeEach that skips every check
// lab: 03
// earns: 0
// told: may not import "vitest"
import { beforeEach } from 'vitest';

beforeEach((context: any) => context.skip());

async function attack(): Promise<void> {
  throw new Error('never reached');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
