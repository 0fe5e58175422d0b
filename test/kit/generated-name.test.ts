import { expect, test } from 'vitest';
import { generatedSchema } from '../../kit/judge/generated.ts';

const mysql = { user: 'root', password: 'known to the judge alone' };

test('generatedSchema() tells nothing of the seed, and is the same for all workers of a run', () => {
  const name = generatedSchema(mysql, { orders: 10_000, seed: 123_456_789 });
  expect(name).toMatch(/^storelab_check_data_[0-9a-f]{12}_10000$/);
  expect(generatedSchema(mysql, { orders: 10_000, seed: 123_456_789 })).toBe(name);
  expect(generatedSchema(mysql, { orders: 10_000, seed: 123_456_788 })).not.toBe(name);
  expect(generatedSchema({ ...mysql, password: 'other' }, { orders: 10_000, seed: 123_456_789 })).not.toBe(
    name,
  );
});
