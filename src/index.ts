// What notebooks and labs call, in one line: `import { open, table, wire, check } from './src/index.ts';`.
// src/README.md shows each with an example.
export type { InvalidationEvent } from './contracts/invalidation.ts';
export type { Order, OrderItem } from './contracts/order.ts';
export { attempt } from './lab/attempt.ts';
export { lineChart } from './lab/chart.ts';
export { check } from './lab/check.ts';
export type { LabContext } from './lab/context.ts';
export { open } from './lab/open.ts';
export { progressBar } from './lab/progress.ts';
export { scheduleRefresh } from './lab/schedule-refresh.ts';
export type { Step, StepTools } from './lab/steps.ts';
export { table } from './lab/table.ts';
export { throwAwayRedis } from './lab/throw-away-redis.ts';
export { wire } from './lab/wire.ts';
export { orderHashes } from './worlds/store/order-hash.ts';
