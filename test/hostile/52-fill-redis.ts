// tries: filling Redis to its limit
// lab: 03
// earns: 0
// told: OOM
// checks: 03.fields.exact 03.add.exact
async function attack({ redis }: any): Promise<void> {
  for (let i = 0; i < 100; i++) await redis.setrange(`hostile:${i}`, 16_000_000, 'x');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
