// tries: a file that never finishes loading
// lab: 03
// earns: 0
// told: had not settled
// checks: 03.fields.exact
await new Promise(() => {});

async function attack(): Promise<void> {
  throw new Error('never reached');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
