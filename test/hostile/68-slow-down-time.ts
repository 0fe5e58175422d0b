// tries: moving the clocks by which it is watched
// lab: 03
// earns: 0
// told: endless loop
// checks: 03.fields.exact
async function attack(): Promise<void> {
  Date.now = () => 0;
  performance.now = () => 0;
  process.cpuUsage = () => ({ user: 0, system: 0 });
  for (;;);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
