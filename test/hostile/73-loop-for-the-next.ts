// tries: leaving a script that has written and loops for the next check, through a client that nobody watches
// lab: 05
// earns: 0
// told: on their way
// checks: 05.record.counts 05.record.twice
async function attack({ redis }: any): Promise<void> {
  const own = redis.duplicate();
  own.on('error', () => {});
  own.eval("redis.call('SET', 'hostile', 1) while true do end", 0).catch(() => {});
  await new Promise((resolve) => own.once('ready', resolve));
}

export const recordSale = attack;
export const revertSale = attack;
export const rebuildSales = attack;
export const getHighestSpendingUsers = async () => [];
export const getBestSellersFromOrders = async () => [];
export const getBestSellersFromCounters = async () => [];
export const getBestSellers = async () => [];
