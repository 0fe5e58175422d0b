// tries: printing without end
// lab: 03
// earns: 0
// told: endless loop|more than 384 MB
// checks: 03.fields.exact
async function attack(): Promise<void> {
  for (;;) console.log('x'.repeat(10_000));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
