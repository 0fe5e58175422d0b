// tries: registering tests of its own that pass, through a name put together at run time
// lab: 03
// earns: 0
// told: ERR_MODULE_NOT_FOUND|Cannot find (package|module)|read a file
async function attack(): Promise<void> {
  const { test } = await import(['vi', 'test'].join(''));
  test('addOrderToRedis() is perfect', { meta: { check: { id: '03.add.exact', points: 26, submission: 0 } } }, () => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
