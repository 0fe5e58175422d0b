// tries: more connections than it may have
// lab: 03
// earns: 0
// told: max_user_connections|user limits exceeded|TOO_MANY|Too many
// checks: 03.fields.exact 03.add.exact
async function attack({ mysql }: any): Promise<void> {
  mysql.pool.config.connectionLimit = 200;
  const held = Array.from({ length: 100 }, () => mysql.getConnection());
  for (const connection of held) await connection;
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
