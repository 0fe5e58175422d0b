// tries: a loop without end
// lab: 03
// earns: 0
// told: endless loop
// checks: 03.fields.exact
async function attack(): Promise<void> {
  for (;;);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
