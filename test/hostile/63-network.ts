// tries: calling somebody out there
// lab: 03
// earns: 0
// told: ENETUNREACH|ECONNREFUSED|EACCES|EPERM|ETIMEDOUT|EHOSTUNREACH
import { connect } from 'node:net';

async function attack(): Promise<void> {
  for (const [host, port] of [['1.1.1.1', 80], ['127.0.0.1', 22]] as const) {
    await new Promise((resolve, reject) => {
      const socket = connect({ host, port, timeout: 2000 });
      socket.on('connect', () => resolve(socket.destroy()));
      socket.on('error', reject);
      socket.on('timeout', () => reject(Object.assign(new Error('ETIMEDOUT'), { code: 'ETIMEDOUT' })));
    });
  }
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
