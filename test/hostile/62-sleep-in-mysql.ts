// tries: leaving a query behind that sleeps
// lab: 03
// earns: 0
// told: on their way
// checks: 03.fields.exact
async function attack({ mysql }: any): Promise<void> {
  void mysql.query('SELECT SLEEP(1000)').catch(() => {});
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
