import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import type {
  FlusherOptions,
  FlushOptions,
  InventoryChange,
  RefusedChange,
  WriteBehind,
} from '../src/market/write-behind.ts';

export async function acceptChange(
  { redis, now }: Pick<LabContext, 'redis' | 'now'>,
  change: InventoryChange,
): Promise<void> {
  throw new Error('TODO: write acceptChange in labs/08-write-behind.ts');
}

export async function getPending(
  { redis }: Pick<LabContext, 'redis'>,
  playerId: number,
  resourceId: number,
): Promise<number> {
  throw new Error('TODO: write getPending in labs/08-write-behind.ts');
}

export async function flushChanges(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { batch = 100 }: FlushOptions = {},
): Promise<number> {
  throw new Error('TODO: write flushChanges in labs/08-write-behind.ts');
}

export async function getRefused({
  redis,
  mysql,
}: Pick<LabContext, 'redis' | 'mysql'>): Promise<RefusedChange[]> {
  throw new Error('TODO: write getRefused in labs/08-write-behind.ts');
}

export async function runFlusher(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch = 100 }: FlusherOptions = {},
): Promise<void> {
  throw new Error('TODO: write runFlusher in labs/08-write-behind.ts');
}

export const steps: Step<WriteBehind>[] = [];
