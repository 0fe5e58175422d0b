// tries: a loop while the file is loaded
// lab: 03
// earns: 0
// told: endless loop
// checks: 03.fields.exact
for (;;);

async function attack(): Promise<void> {
  throw new Error('never reached');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
