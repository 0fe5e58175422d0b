// tries: ending the process that judges it
// lab: 03
// earns: 0
// told: tried to end another process
async function attack(): Promise<void> {
  process.kill(process.ppid, 'SIGKILL');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
