import type { Command } from 'commander';
import { storeSchema } from '../../src/worlds/store/schema.ts';
import type { MysqlAddress } from '../servers/address.ts';
import { adminConnection } from '../servers/admin-connection.ts';
import { mysqlClient } from '../servers/client-program.ts';
import { lastingServers } from '../servers/lasting.ts';
import { handOver } from './hand-over.ts';

/** `./lab mysql`: MySQL's client on the running servers; `./lab mysql -e 'SELECT 1'` asks one thing. */
export function register(program: Command): void {
  program
    .command('mysql')
    .description("a prompt on the running MySQL, or one statement: ./lab mysql -e 'SELECT 1'")
    .argument('[words...]', "as MySQL's client takes them")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: string[]) => {
      const { mysql } = await lastingServers('to ask');
      handOver(mysqlClient({ ...mysql, database: mysql.database ?? (await storeIn(mysql)) }, words));
    });
}

/** The schema of the shop and the game, where it was made already. */
async function storeIn(mysql: MysqlAddress): Promise<string | undefined> {
  const connection = await adminConnection(mysql);
  try {
    const [rows] = await connection.query('SHOW DATABASES LIKE ?', [storeSchema]);
    return (rows as unknown[]).length > 0 ? storeSchema : undefined;
  } finally {
    connection.destroy();
  }
}
