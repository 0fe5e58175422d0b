// tries: ending its own process with SIGKILL
// lab: 03
// earns: 0
// told: ended by SIGKILL
async function attack(): Promise<void> {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
