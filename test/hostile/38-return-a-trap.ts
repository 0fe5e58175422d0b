// tries: returning values with getters, proxies and a then of their own
// lab: 03
// earns: 0
// told: throw|plain data|Maximum
async function attack(): Promise<void> {
   
  const trap: any = new Proxy({}, { get: () => { throw new Error('a trap'); }, ownKeys: () => { throw new Error('a trap'); } });
  return Object.assign(Object.create({ toJSON: () => trap }), { __proto__: trap, self: trap }) as never;
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
