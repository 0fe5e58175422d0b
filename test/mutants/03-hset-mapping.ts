import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const WORDS = 'Only words of an error: the contract leaves them to who writes it.';
const NULL_ITEM =
  'An item that is null has no fields: reading one is a TypeError too, before anything is written.';

const fieldsOf =
  "const fields = ['id', whole(id, 'id'), 'user_id', whole(userId, 'userId'), 'total_amount', totalAmount];";
const productOf = `fields.push(\`item_\${i}_product_id\`, whole(item?.productId, \`productId of item \${i}\`));`;
const quantityOf = `fields.push(\`item_\${i}_quantity\`, whole(item?.quantity, \`quantity of item \${i}\`));`;

export const equivalents: readonly Equivalent[] = [
  { source: fieldsOf, from: "'id'", to: '""', why: WORDS },
  { source: fieldsOf, from: "'userId'", to: '""', why: WORDS },
  { source: productOf, from: `\`productId of item \${i}\``, to: '``', why: WORDS },
  { source: quantityOf, from: `\`quantity of item \${i}\``, to: '``', why: WORDS },
  { source: productOf, from: 'item?.productId', to: 'item.productId', why: NULL_ITEM },
  {
    source: quantityOf,
    from: 'item?.quantity',
    to: 'item.quantity',
    why: 'The productId of the same item was looked at before: an item that is null does not come so far.',
  },
  {
    source: `await redis.eval(WRITE, 2, \`order:\${order.id}\`, 'orders:index', order.id, ...fields);`,
    from: "'orders:index'",
    to: '""',
    why: 'The index may be added to, and need not: without its name it is left alone.',
  },
];
