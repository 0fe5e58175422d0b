/** Names as the document writes them, by ours: they are few, and each reply holds hundreds. */
const names = new Map<string, string>();
/** More are not remembered. */
const MOST_NAMES = 1000;

/**
 * A value with its fields named as the document names them.
 *
 * @example asJson([{ sellerId: 1, unitPrice: 120 }]) // [{ seller_id: 1, unit_price: 120 }]
 */
export function asJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  const renamed: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) renamed[nameOf(name)] = asJson(field);
  return renamed;
}

function nameOf(ours: string): string {
  const known = names.get(ours);
  if (known !== undefined) return known;
  const name = ours.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (names.size < MOST_NAMES) names.set(ours, name);
  return name;
}
