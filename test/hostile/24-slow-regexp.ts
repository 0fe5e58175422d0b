// tries: a regular expression that takes years
// lab: 03
// earns: 0
// told: endless loop
// checks: 03.fields.exact
async function attack(): Promise<void> {
  /^(a+)+$/.test(`${'a'.repeat(60)}b`);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
