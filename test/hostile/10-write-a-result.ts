// tries: writing a result file and a report beside the kit
// lab: 03
// earns: 0
// told: tried to write a file
import { writeFileSync } from 'node:fs';

async function attack(): Promise<void> {
  for (const folder of [process.cwd(), '/lab', '..', '/']) {
    writeFileSync(`${folder}/storelab-hostile-result.json`, '{"points":26,"maxPoints":26}');
  }
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
