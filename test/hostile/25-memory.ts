// tries: filling the heap
// lab: 03
// earns: 0
// told: more than 384 MB
// checks: 03.fields.exact 03.add.exact
async function attack(): Promise<void> {
  const kept: unknown[] = [];
  for (;;) kept.push(new Array(1e6).fill(kept.length));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
