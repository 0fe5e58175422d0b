import { type Html, html } from '../../../kit/base/html-template.ts';
import type { Problem } from '../../shared/problem.ts';
import { type Choice, choiceField, csrfField } from '../view/fields.ts';
import { problemBox } from '../view/parts.ts';

/** What stands in the form: text, as it was typed. */
export interface OrderFormValues {
  userId: string;
  items: { productId: string; quantity: string }[];
}

export const emptyOrder: OrderFormValues = {
  userId: '',
  items: [1, 2, 3].map(() => ({ productId: '', quantity: '1' })),
};

interface OrderFormOptions {
  values: OrderFormValues;
  token: string;
  /** Null where there are too many to list. */
  users: Choice[] | null;
  products: Choice[] | null;
  problem?: Problem | undefined;
}

/** The form for an order of several items; a line more is a submit of its own, as there is no script. */
export function orderForm({ values, token, users, products, problem }: OrderFormOptions): Html {
  const wrongItem = /^items\[(\d+)\]/.exec(problem?.field ?? '')?.[1];
  return html`<section class="panel" aria-labelledby="add-order"><h2 id="add-order">Add an order</h2>
${problemBox(problem)}
<form method="post" action="/orders">
${csrfField(token)}
${choiceField({ name: 'user_id', label: 'User', choices: users, value: values.userId, wrong: problem?.field === 'user_id' || problem?.code === 'UNKNOWN_USER' })}
<fieldset><legend>Items</legend>
${values.items.map(
  ({ productId, quantity }, i) => html`<div class="item">
${choiceField({ name: 'product_id', id: `product-${i}`, label: `Product ${i + 1}`, choices: products, value: productId, optional: i > 0, wrong: wrongItem === String(i) })}
<div class="field"><label for="quantity-${i}">Quantity</label><input id="quantity-${i}" name="quantity" inputmode="numeric" value="${quantity}"${wrongItem === String(i) && html` aria-invalid="true"`}></div>
</div>`,
)}
</fieldset>
<div class="actions"><button>Add the order</button>
${values.items.length < 50 && html`<button class="second" name="more" value="1" formnovalidate>More items</button>`}</div>
</form></section>`;
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value ?? '']).map(String);

/** The form as it was sent. */
export function valuesOf(body: Record<string, unknown>): OrderFormValues {
  const [products, quantities] = [listOf(body.product_id), listOf(body.quantity)];
  const items = products
    .slice(0, 51)
    .map((productId, i) => ({ productId: productId.trim(), quantity: (quantities[i] ?? '').trim() }));
  return { userId: listOf(body.user_id)[0]!.trim(), items };
}

/**
 * What the form asks for, as the API would be told. Lines without a product are left out; what is no number stays
 * text, so that the check names it.
 */
export function orderAsked({ userId, items }: OrderFormValues): unknown {
  const number = (text: string) => (/^-?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : text);
  return {
    user_id: number(userId),
    items: items
      .filter(({ productId }) => productId !== '')
      .map(({ productId, quantity }) => ({ product_id: number(productId), quantity: number(quantity) })),
  };
}
