// tries: crashing with a core dump
// lab: 03
// earns: 0
// told: ended by SIGABRT
async function attack(): Promise<void> {
  process.abort();
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
