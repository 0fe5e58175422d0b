// tries: a script that has written and then loops, which Redis cannot stop
// lab: 03
// earns: 0
// told: had not settled|BUSY
// checks: 03.fields.exact
async function attack({ redis }: any): Promise<void> {
  await redis.eval("redis.call('SET', 'hostile', 1) while true do end", 0);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
