/** INT UNSIGNED */
const whole = { type: 'integer', minimum: 1, maximum: 4_294_967_295 } as const;
/** A number in an address: text until the handler reads it. */
const inAddress = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' } as const;
const object = <P extends Record<string, unknown>>(properties: P, required: (keyof P)[] = []) =>
  ({ type: 'object', properties, required: required as string[], additionalProperties: false }) as const;

export const listingsQuery = object({
  resource_id: inAddress,
  status: { type: 'string', enum: ['active', 'sold', 'cancelled'] },
});
export const newListing = object(
  { resource_id: whole, quantity: { ...whole, maximum: 1_000_000 }, unit_price: whole },
  ['resource_id', 'quantity', 'unit_price'],
);
export const idParams = object({ id: inAddress }, ['id']);
export const leaderboardQuery = object({ limit: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' } });
export const recipesQuery = object({ profession_id: inAddress }, ['profession_id']);
export const craftBody = object({ recipe_id: whole, quantity: { ...whole, maximum: 1000, default: 1 } }, [
  'recipe_id',
]);
/** The client's own name for a change, so that it can send it again. */
const changeId = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,50}$' } as const;
export const gatherBody = object({ resource_id: whole, change_id: changeId }, ['resource_id']);
export const useBody = object(
  { resource_id: whole, quantity: { ...whole, maximum: 1_000_000 }, change_id: changeId },
  ['resource_id', 'quantity'],
);
export const profileBody = object(
  { display_name: { type: 'string', minLength: 1, maxLength: 100, pattern: '^\\S(.*\\S)?$' } },
  ['display_name'],
);
export const loginBody = object(
  {
    login: { type: 'string', minLength: 1, maxLength: 50 },
    // Long enough for a sentence, short enough not to keep argon2 busy.
    password: { type: 'string', minLength: 1, maxLength: 200 },
  },
  ['login', 'password'],
);
