// tries: a loop that awaits what is there already, so that no timer ever fires
// lab: 03
// earns: 0
// told: endless loop
// checks: 03.fields.exact
async function attack(): Promise<void> {
  for (;;) await null;
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
