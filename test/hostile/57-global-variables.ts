// tries: changing settings of the server
// lab: 03
// earns: 0
// told: denied|Access
async function attack({ mysql }: any): Promise<void> {
  await mysql.query('SET GLOBAL max_connections = 1');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
