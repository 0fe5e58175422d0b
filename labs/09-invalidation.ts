import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import type { Invalidation, InvalidationEvent, Sale, TaggedEntry } from '../src/market/invalidation.ts';

export async function readGeneration({ redis }: Pick<LabContext, 'redis'>, tags: string[]): Promise<string> {
  throw new Error('TODO: write readGeneration in labs/09-invalidation.ts');
}

export async function keepTagged(
  { redis }: Pick<LabContext, 'redis'>,
  { key, value, tags, ttlMs }: TaggedEntry,
  generation: string,
): Promise<boolean> {
  throw new Error('TODO: write keepTagged in labs/09-invalidation.ts');
}

export async function invalidateTags({ redis }: Pick<LabContext, 'redis'>, tags: string[]): Promise<number> {
  throw new Error('TODO: write invalidateTags in labs/09-invalidation.ts');
}

export async function invalidateSale(
  { redis }: Pick<LabContext, 'redis'>,
  { resourceId, buyerId, sellerId }: Sale,
): Promise<number> {
  throw new Error('TODO: write invalidateSale in labs/09-invalidation.ts');
}

export async function listen(
  { redis }: Pick<LabContext, 'redis'>,
  onEvent: (event: InvalidationEvent) => Promise<void>,
  during: () => Promise<void>,
): Promise<void> {
  throw new Error('TODO: write listen in labs/09-invalidation.ts');
}

export const steps: Step<Invalidation>[] = [];
