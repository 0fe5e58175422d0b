// tries: leaving a transaction open that has locked all generated orders, which are dropped when the run is over
// lab: 01
// earns: 0
// told: never arrived|should hold|too few to say
// checks: 01.sync.many 01.sync.bounded
async function attack({ mysql }: any): Promise<number> {
  const connection = await mysql.getConnection();
  await connection.query('SET innodb_lock_wait_timeout = 1').catch(() => {});
  await connection.query('START TRANSACTION');
  await connection.query('SELECT COUNT(*) FROM orders LOCK IN SHARE MODE').catch(() => {});
  await connection.query('SELECT COUNT(*) FROM order_items LOCK IN SHARE MODE').catch(() => {});
  return 1;
}

export const waitForMysql = attack;
export const syncAllOrdersToRedis = attack;
export const startStoreManager = attack;
