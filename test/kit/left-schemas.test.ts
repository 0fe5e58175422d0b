import { spawnSync } from 'node:child_process';
import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { dropLeftSchemas, environmentName } from '../../kit/judge/left-schemas.ts';
import { createCheckSchema } from '../../kit/servers/check-schema.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { preparedIn } from '../../kit/servers/prepared-transactions.ts';

test('dropLeftSchemas() drops what a worker that is gone left, and nothing of those that live', async () => {
  const servers = await openServers({ source: 'local' });
  const admin = await createConnection(mysqlClientOptions(servers.mysql));
  try {
    const { pid } = spawnSync('true'); // it has ended
    const left = `storelab_check_${pid}_mf3x9k_0`;
    const there = [
      `storelab_check_${environmentName(0)}`,
      'storelab_check_data_7_10050',
      'storelab_check_w1',
    ];
    for (const schema of there) await createCheckSchema(servers.mysql, schema);
    const { address } = await createCheckSchema(servers.mysql, left);
    await admin.query(`CREATE TABLE ${left}.orders (id INT)`);
    const student = await createConnection(mysqlClientOptions(address));
    for (const sql of ["XA START 'a'", 'INSERT INTO orders VALUES (1)', "XA END 'a'", "XA PREPARE 'a'"])
      await student.query(sql);
    student.destroy();

    await dropLeftSchemas(servers.mysql);

    const [schemas] = await admin.query("SHOW DATABASES LIKE 'storelab\\_check\\_%'");
    expect((schemas as object[]).flatMap((row) => Object.values(row)).sort()).toEqual(there.sort());
    const [users] = await admin.query("SELECT user FROM mysql.user WHERE user LIKE 'storelab\\_%'");
    expect(users).toHaveLength(there.length);
    expect(await preparedIn(admin)).toEqual([]);
  } finally {
    admin.destroy();
    await servers.close();
  }
});
