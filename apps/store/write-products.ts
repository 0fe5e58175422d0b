import { addProduct } from './commands/add-product.ts';
import { needs } from './labs/shop-labs.ts';
import type { Product } from './queries/list-products.ts';
import type { ShopContext } from './shop-context.ts';

/** The hash in which lab 05 finds the names of products. */
const productNames = 'products:names';

/**
 * Adds a product to MySQL, then its name to where lab 05 looks for it. A name that Redis misses is read from MySQL,
 * so a failure there is no failure of the whole.
 *
 * @throws Refusal SKU_TAKEN
 */
export async function offerProduct(
  { mysql, sync, labs }: ShopContext,
  wanted: { name: string; sku: string; price: string },
): Promise<Product> {
  const product = await addProduct(mysql, wanted);
  if (!labs.missing(needs.sales))
    await sync.read((redis) => redis.hset(productNames, product.id, product.name)).catch(() => {});
  return product;
}
