// tries: printing ten megabytes
// lab: 03
// earns: 0
// told: should hold these fields
// checks: 03.fields.exact 03.add.exact
async function attack(): Promise<void> {
  for (let i = 0; i < 1000; i++) console.log('x'.repeat(10_000));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
