// tries: loading machine code
// lab: 03
// earns: 0
// told: tried to load machine code|DLOPEN
async function attack(): Promise<void> {
  process.dlopen({ exports: {} } as never, '/lib/x86_64-linux-gnu/libc.so.6');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
