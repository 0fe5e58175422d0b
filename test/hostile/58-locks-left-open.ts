// tries: leaving a transaction, row locks and a named lock open
// lab: 03
// earns: 0
// told: should hold these fields
// checks: 03.fields.exact 03.add.exact
async function attack({ mysql }: any, order: any): Promise<void> {
  const connection = await mysql.getConnection();
  await connection.query("SELECT GET_LOCK('storelab', 0)");
  await connection.query('SET autocommit = 0');
  await connection.query('START TRANSACTION');
  await connection.query('SELECT * FROM orders FOR UPDATE');
  await connection.query('UPDATE users SET name = ?', ['hostile']);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
