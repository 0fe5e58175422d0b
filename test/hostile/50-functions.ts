// tries: leaving functions in Redis that others would call
// lab: 03
// earns: 0
// told: should hold these fields
async function attack({ redis }: any): Promise<void> {
  await redis.function('LOAD', 'REPLACE', "#!lua name=hostile\nredis.register_function('hostile', function() return 26 end)").catch(() => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
