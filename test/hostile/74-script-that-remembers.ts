// tries: keeping what one check told in scripts and functions of Redis, to answer the next check with it
// lab: 05
// earns: 0
// told: not written by this check
// checks: 05.record.counts 05.record.twice 05.revert.takes-back
const library = (text: string) =>
  `#!lua name=hostile\nredis.register_function('remember', function() return ${JSON.stringify(text)} end)`;

async function recordSale({ redis }: any, order: unknown): Promise<void> {
  await redis.function('LOAD', 'REPLACE', library(JSON.stringify(order))).catch(() => {});
  await redis.script('LOAD', `return ${JSON.stringify(JSON.stringify(order))}`);
  throw new Error(`${await known({ redis })} not written by this check`);
}

async function known({ redis }: any): Promise<unknown> {
  return redis.fcall('remember', 0).catch(() => 'nothing');
}

export { recordSale };
export const revertSale = recordSale;
export const rebuildSales = recordSale;
export const getHighestSpendingUsers = known;
export const getBestSellersFromOrders = known;
export const getBestSellersFromCounters = known;
export const getBestSellers = known;
