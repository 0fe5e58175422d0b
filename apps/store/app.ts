import { ensureStore } from '../../src/worlds/store/load.ts';
import type { App } from '../shared/app.ts';
import { chooseLabs } from './labs/choose-labs.ts';
import { shopLabIds } from './labs/shop-labs.ts';
import { openShop } from './shop.ts';

/** The web shop: pages and an API over MySQL and Redis, on labs 01 to 05. */
export const storeApp: App = {
  name: 'store',
  title: 'The shop',
  labIds: shopLabIds,
  async open({ mysql, redis, servers, labsName, loadLabs, host, port, say }) {
    const { schema, orders } = await ensureStore(mysql);
    say(`${servers} The store holds ${orders.toLocaleString('en')} orders.`);
    const labs = await chooseLabs(await loadLabs());
    const about = `${servers} Labs: ${labsName}.`;
    const shop = await openShop({ mysql, schema, redis, labs, about, host, port, say });
    return {
      url: shop.url,
      caution: 'Whoever reaches this machine can order and delete: the shop has no log-in.',
      useLabs: async () => shop.useLabs(await loadLabs()),
      close: () => shop.close(),
    };
  },
};
