// tries: writing on after it has returned
// lab: 03
// earns: 0
// told: on their way|nobody awaited
async function attack({ redis }: any, order: any): Promise<void> {
  setInterval(() => redis.set('order:1', 'late'), 1);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
