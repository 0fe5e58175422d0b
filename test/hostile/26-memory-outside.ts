// tries: filling memory that is not on the heap
// lab: 03
// earns: 0
// told: memory
// checks: 03.fields.exact 03.add.exact
async function attack(): Promise<void> {
  const kept: unknown[] = [];
  for (;;) kept.push(Buffer.alloc(50_000_000, 1));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
