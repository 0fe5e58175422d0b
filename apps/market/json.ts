/**
 * A value with its fields named as the document names them.
 *
 * @example asJson([{ sellerId: 1, unitPrice: 120 }]) // [{ seller_id: 1, unit_price: 120 }]
 */
export function asJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      asJson(field),
    ]),
  );
}
