import type { World } from '../catalog.ts';
import { marketFixtureStatements } from './market/fixture.ts';
import { ensureMarket } from './market/load.ts';
import { marketSchemaStatements } from './market/schema.ts';
import { fixtureStatements } from './store/fixture.ts';
import { ensureStore, loadStore } from './store/load.ts';
import type { MysqlTarget } from './store/mysql-target.ts';
import { schemaStatements } from './store/schema.ts';

/** A world of data that labs are set in: its tables, the rows that a check begins with, and data to play with. */
export interface WorldData {
  /** Statements that make its tables where they are missing; each may be sent again. */
  schema(): string[];
  /** One text that puts its fixture back, for a connection with `multipleStatements`. */
  fixture(): string;
  /** Fills a schema that holds none of its data, and leaves any other as it is. */
  ensure(target: MysqlTarget): Promise<{ loaded: boolean }>;
}

/** The world of a lab whose catalogue entry names none. The other stands on its tables, so these are made first. */
export const firstWorld: World = 'store';

/** Every world of the course, by its name. */
export const worlds: Readonly<Record<World, WorldData>> = {
  store: { schema: schemaStatements, fixture: fixtureStatements, ensure: ensureStore },
  market: { schema: marketSchemaStatements, fixture: marketFixtureStatements, ensure: ensureMarket },
};

/**
 * Fills a schema with generated orders: what `generated()` of a check hands out.
 *
 * @example await loadGenerated(servers.mysql, { schema: 'storelab_check_data_7_10050', orders: 10_050, seed: 7 });
 */
export async function loadGenerated(
  target: MysqlTarget,
  { schema, orders, seed }: { schema: string; orders: number; seed: number },
): Promise<void> {
  await loadStore(target, { schema, orders, seed });
}
