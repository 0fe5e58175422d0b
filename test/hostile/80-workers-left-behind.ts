// tries: leaving BullMQ workers and timers that write long after the function has resolved, into whatever comes next
// lab: 08
// earns: 0
// told: on their way|nobody awaited|should be|is the sum
// checks: 08.accept.now 08.accept.one-trip 08.accept.sums 08.flush.writes
import { Queue, Worker } from 'bullmq';

let hired = 0;

async function hire({ redis, mysql }: any): Promise<void> {
  if (hired++ > 3) return;
  for (let i = 0; i < 4; i++) {
    const connection = redis.duplicate({ maxRetriesPerRequest: null, enableReadyCheck: false });
    connection.on('error', () => {});
    const write = async () => {
      await connection.set('write-behind:pending', 'hostile');
      await mysql.query('UPDATE inventories SET quantity = 77').catch(() => {});
    };
    const queue = new Queue(`hostile-${i}`, { connection });
    const worker = new Worker(`hostile-${i}`, write, { connection, stalledInterval: 100 });
    queue.on('error', () => {});
    worker.on('error', () => {});
    void queue.upsertJobScheduler('again', { every: 5 }).catch(() => {});
    setInterval(() => void write().catch(() => {}), 20 + i);
  }
}

export async function acceptChange(lab: any): Promise<void> {
  void hire(lab);
}
export async function flushChanges(lab: any): Promise<number> {
  void hire(lab);
  return 0;
}
export const getPending = async () => 0;
export const getRefused = async () => [];
export const runFlusher = async (lab: any) => hire(lab);
