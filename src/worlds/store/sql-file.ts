import {
  type DataStatement,
  defaultData,
  type GenerateOptions,
  generateStatements,
  sizeOf,
} from './generate.ts';
import { dataMarker, type LoadedData } from './marker.ts';
import { createSchema, quoteName, schemaStatements, storeSchema } from './schema.ts';
import { insertRows } from './sql.ts';

/**
 * Schema and data as one SQL text, for a server that loads files itself, as the containers of docker-compose.yml do.
 * It ends with the marker, so that the kit then finds its data loaded.
 *
 * @example await writeFile('docker/initdb/01-store.sql', storeSql());
 */
export function storeSql(options: GenerateOptions & { schema?: string } = {}): string {
  const { schema = storeSchema, orders = defaultData.orders, seed = defaultData.seed } = options;
  const tables: NonNullable<LoadedData['tables']> = {
    users: { rows: 0, lastId: 0 },
    products: { rows: 0, lastId: 0 },
    orders: { rows: 0, lastId: 0 },
    order_items: { rows: 0, lastId: 0 },
  };
  const inserts: string[] = [];
  for (const statement of generateStatements(options)) {
    inserts.push(statement.sql);
    count(tables, statement);
  }
  const marker: LoadedData = { state: 'loaded', orders: sizeOf(orders).orders, seed, tables };
  const statements = [
    'SET NAMES utf8mb4',
    createSchema(schema),
    `USE ${quoteName(schema)}`,
    ...schemaStatements(),
    'START TRANSACTION',
    ...inserts,
    insertRows('markers', ['name', 'value'], [[dataMarker, JSON.stringify(marker)]]),
    'COMMIT',
  ];
  return `-- The store's schema and data, written by \`./lab data --sql\`: change src/worlds/store, not this file.\n${statements.join(';\n\n')};\n`;
}

function count(tables: NonNullable<LoadedData['tables']>, { table, rows, lastId }: DataStatement): void {
  tables[table].rows += rows;
  tables[table].lastId = Math.max(tables[table].lastId, lastId);
}
