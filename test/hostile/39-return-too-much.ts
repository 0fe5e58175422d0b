// tries: returning more than may cross
// lab: 03
// earns: 0
// told: at most 1048576 are allowed
async function attack(): Promise<void> {
  return 'x'.repeat(5_000_000) as never;
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
