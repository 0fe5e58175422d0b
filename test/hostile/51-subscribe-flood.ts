// tries: three hundred subscriptions that are never closed
// lab: 03
// earns: 0
// told: EMFILE|Connection is closed|still on their way|should hold these fields
// checks: 03.fields.exact 03.add.exact
async function attack({ redis }: any): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const one = redis.duplicate();
    one.on('error', () => {});
    void one.subscribe('everything').catch(() => {});
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
