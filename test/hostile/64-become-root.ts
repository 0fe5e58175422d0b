// tries: becoming root
// lab: 03
// earns: 0
// told: EPERM|EINVAL|not permitted
async function attack(): Promise<void> {
  process.setgid!(0);
  process.setuid!(0);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
