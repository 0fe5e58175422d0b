// tries: ending with success before anything is asked
// lab: 03
// earns: 0
// told: must not call process.exit
process.exit(0);

async function attack(): Promise<void> {
  throw new Error('never reached');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
