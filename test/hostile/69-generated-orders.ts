// tries: changing the generated orders that all submissions of the run share, and every other schema that it finds
// lab: 01
// earns: 0
// told: denied
// checks: 01.sync.many 01.sync.bounded 01.sync.exact
async function attack({ mysql }: any): Promise<number> {
  const [here] = await mysql.query('SELECT DATABASE() AS name');
  const [all] = await mysql.query('SELECT schema_name AS name FROM information_schema.schemata');
  const tables = 'orders order_items users products markers'.split(' ');
  const refused: string[] = [];
  for (const { name } of [...here, ...all]) {
    for (const table of tables) {
      for (const sql of ['DELETE FROM ??.??', 'DROP TABLE ??.??', 'ALTER TABLE ??.?? ADD hostile INT', 'LOCK TABLES ??.?? WRITE']) {
        if (name.startsWith('storelab_check_') && !name.includes('_data_') && sql.startsWith('DELETE')) continue; // its own, which is its right
        await mysql.query(sql, [name, table]).catch((error: Error) => refused.push(error.message));
      }
    }
  }
  throw new Error(refused.find((one) => one.includes('_data_')) ?? refused[0]);
}

export const waitForMysql = attack;
export const syncAllOrdersToRedis = attack;
export const startStoreManager = attack;
