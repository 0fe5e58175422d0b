import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'test/right/03-hset-mapping/plain-object.ts',
  solutions: [
    {
      name: 'always-a-date',
      fails: ['03.add.date'],
      why: 'Writes an empty created_at where there is no date.',
      edits: [
        [
          'if (createdAt) {',
          `fields.created_at = '';
           if (createdAt) {`,
        ],
      ],
    },
    {
      name: 'any-integer',
      fails: ['03.add.values'],
      why: 'Number.isInteger(1e21) is true.',
      edits: [['Number.isSafeInteger', 'Number.isInteger']],
    },
    {
      name: 'any-text-is-money',
      fails: ['03.add.values'],
      why: 'Takes any text for an amount.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', 'false']],
    },
    {
      name: 'asks-first',
      fails: ['03.add.one-trip'],
      why: 'Asks which fields are there, then writes and deletes in one MULTI.',
      edits: [
        [
          'const replies = await redis.multi().del(key).hset(key, fields).exec();',
          `const stale = (await redis.hkeys(key)).filter((field) => !(field in fields));
           const multi = redis.multi().hset(key, fields);
           if (stale.length > 0) multi.hdel(key, ...stale);`,
        ],
        [
          'for (const [error] of replies ?? []) if (error) throw error;',
          'for (const [error] of (await multi.exec()) ?? []) if (error) throw error;',
        ],
      ],
    },
    {
      name: 'date-as-text',
      fails: ['03.add.date'],
      why: 'String(date): a text of this machine, in its time zone.',
      edits: [['createdAt.toISOString()', 'String(createdAt)']],
    },
    {
      name: 'deaf-pipeline',
      fails: ['03.add.errors'],
      why: 'A MULTI inside a pipeline: its errors stand in the replies, and nobody looks.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `const flat = Object.entries(fields).flat();
           await redis.pipeline([['multi'], ['del', key], ['hset', key, ...flat], ['exec']] as any).exec();`,
        ],
      ],
    },
    {
      name: 'del-then-hset',
      fails: ['03.add.one-trip'],
      why: 'DEL, awaited, then HSET: two trips, and no order in between.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `await redis.del(key);
           await redis.hset(key, fields);`,
        ],
      ],
    },
    {
      name: 'deletes-by-pattern',
      fails: ['03.add.others'],
      why: 'Deletes by a pattern: order:8* is also order:80 and order:81:lock.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `const script = \`
             for _, key in ipairs(redis.call('KEYS', KEYS[1] .. '*')) do redis.call('DEL', key) end
             redis.call('HSET', KEYS[1], unpack(ARGV))\`;
           await redis.eval(script, 1, key, ...Object.entries(fields).flat());`,
        ],
      ],
    },
    {
      name: 'deletes-then-looks',
      fails: ['03.add.values'],
      why: 'Deletes the old order, then finds that the new one is none.',
      edits: [
        [
          `const fields = fieldsOf(order);
           const key = \`order:\${order.id}\`;`,
          `const key = \`order:\${order.id}\`;
           let fields: ReturnType<typeof fieldsOf>;
           try {
             fields = fieldsOf(order);
           } catch (error) {
             await redis.del(key);
             throw error;
           }`,
        ],
      ],
    },
    {
      name: 'fields-in-one',
      fails: ['03.fields.trips'],
      why: 'One HSET, also where six were asked for.',
      edits: [
        [
          `const fields = fieldsOf(order);
           for (const [field, value] of Object.entries(fields)) await redis.hset(\`order:\${order.id}\`, field, value);`,
          'await redis.hset(`order:${order.id}`, fieldsOf(order));',
        ],
      ],
    },
    {
      name: 'fields-look-while-writing',
      fails: ['03.fields.values'],
      why: 'Looks at a value when its turn comes, after others are written.',
      edits: [
        [
          `export async function addOrderToRedisFieldByField({ redis }: Ctx, order: any): Promise<void> {
             const fields = fieldsOf(order);
             for (const [field, value] of Object.entries(fields)) await redis.hset(\`order:\${order.id}\`, field, value);
           }`,
          `export async function addOrderToRedisFieldByField({ redis }: Ctx, order: any): Promise<void> {
             const key = \`order:\${order.id}\`;
             if (!isWhole(order.id) || !isWhole(order.userId)) throw new TypeError('an id is no whole number');
             await redis.hset(key, 'id', order.id);
             await redis.hset(key, 'user_id', order.userId);
             fieldsOf({ ...order, items: [] });
             await redis.hset(key, 'total_amount', order.totalAmount);
             if (!Array.isArray(order.items)) throw new TypeError('items');
             await redis.hset(key, 'items_count', order.items.length);
             if (order.createdAt) await redis.hset(key, 'created_at', order.createdAt.toISOString());
             for (const [i, { productId, quantity }] of order.items.entries()) {
               if (!isWhole(productId) || !isWhole(quantity)) throw new TypeError(\`item \${i}\`);
               await redis.hset(key, \`item_\${i}_product_id\`, productId);
               await redis.hset(key, \`item_\${i}_quantity\`, quantity);
             }
           }`,
        ],
      ],
    },
    {
      name: 'fields-together',
      fails: ['03.fields.trips'],
      why: 'Sends all HSETs together: nothing to measure.',
      edits: [
        [
          'for (const [field, value] of Object.entries(fields)) await redis.hset(`order:${order.id}`, field, value);',
          `await Promise.all(
             Object.entries(fields).map(([field, value]) => redis.hset(\`order:\${order.id}\`, field, value)),
           );`,
        ],
      ],
    },
    {
      name: 'fields-without-count',
      fails: ['03.fields.exact'],
      why: 'Forgets a field when it writes field by field.',
      edits: [
        [
          'await redis.hset(`order:${order.id}`, field, value);',
          "if (field !== 'items_count') await redis.hset(`order:${order.id}`, field, value);",
        ],
      ],
    },
    {
      name: 'float-money',
      fails: ['03.add.as-given'],
      why: 'Makes a number of the amount.',
      edits: [['total_amount: totalAmount', 'total_amount: Number(totalAmount)']],
    },
    {
      name: 'hset-then-hdel',
      fails: ['03.add.at-once'],
      why: 'Writes first and deletes what is stale after it: for a moment the hash is a mixture.',
      edits: [
        [
          'const replies = await redis.multi().del(key).hset(key, fields).exec()',
          `const stale = Array.from({ length: 1000 }, (_, i) => [\`item_\${i}_product_id\`, \`item_\${i}_quantity\`]).flat();
           const gone = [...stale, 'created_at'].filter((field) => !(field in fields));
           const pipeline = redis
             .pipeline()
             .hset(key, fields)
             .hdel(key, ...gone)`,
        ],
        [
          'for (const [error] of replies ?? []) if (error) throw error;',
          'for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;',
        ],
      ],
    },
    {
      name: 'index-by-time',
      fails: ['03.add.index'],
      why: 'Scores the index by the time of writing, not by the id.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `const script = \`
             redis.call('DEL', KEYS[1])
             redis.call('HSET', KEYS[1], unpack(ARGV, 3))
             if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1]) end\`;
           await redis.eval(script, 2, key, 'orders:index', order.id, Date.now(), ...Object.entries(fields).flat());`,
        ],
      ],
    },
    {
      name: 'index-keys-as-members',
      fails: ['03.add.index'],
      why: 'Adds the key to the index in place of the id.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `const script = \`
             redis.call('DEL', KEYS[1])
             redis.call('HSET', KEYS[1], unpack(ARGV, 2))
             if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('ZADD', KEYS[2], ARGV[1], KEYS[1]) end\`;
           await redis.eval(script, 2, key, 'orders:index', order.id, ...Object.entries(fields).flat());`,
        ],
      ],
    },
    {
      name: 'index-of-one',
      fails: ['03.add.index'],
      why: 'Adds to the index also where there is none: an index of one order hides the others.',
      edits: [
        [
          'redis.multi().del(key).hset(key, fields)',
          `redis
             .multi()
             .del(key)
             .hset(key, fields)
             .zadd('orders:index', order.id, String(order.id))`,
        ],
      ],
    },
    {
      name: 'isnan-only',
      fails: ['03.add.values'],
      why: 'Looks for NaN alone: undefined, null and 1.5 pass.',
      edits: [['Number.isSafeInteger(value) && (value as number) > 0', '!Number.isNaN(value)']],
    },
    {
      name: 'items-from-one',
      fails: ['03.add.exact'],
      why: 'Numbers the items from 1.',
      edits: [
        ['`item_${i}_product_id`', '`item_${i + 1}_product_id`'],
        ['`item_${i}_quantity`', '`item_${i + 1}_quantity`'],
      ],
    },
    {
      name: 'keeps-date',
      fails: ['03.add.stale'],
      why: 'Deletes the items of the old order, and forgets its date.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `const script = \`
             for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
               if string.find(field, '^item_') then redis.call('HDEL', KEYS[1], field) end
             end
             redis.call('HSET', KEYS[1], unpack(ARGV))\`;
           await redis.eval(script, 1, key, ...Object.entries(fields).flat());`,
        ],
      ],
    },
    {
      name: 'money-of-any-kind',
      fails: ['03.add.values'],
      why: 'Takes a number for an amount: 1999.9 has lost its zero.',
      edits: [
        [
          "typeof totalAmount !== 'string' || !/^\\d+(\\.\\d+)?$/.test(totalAmount)",
          '!/^\\d+(\\.\\d+)?$/.test(totalAmount)',
        ],
      ],
    },
    {
      name: 'next-item-only',
      fails: ['03.add.stale'],
      why: 'Deletes the item after the last one, not those after it, and no date.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `const i = order.items.length;
           await redis.multi().hdel(key, \`item_\${i}_product_id\`, \`item_\${i}_quantity\`).hset(key, fields).exec();`,
        ],
      ],
    },
    {
      name: 'no-date',
      fails: ['03.add.date'],
      why: 'Forgets the date.',
      edits: [['fields.created_at = createdAt.toISOString();', '']],
    },
    {
      name: 'no-look',
      fails: ['03.add.values'],
      why: 'Writes whatever it is given.',
      edits: [
        ["if (!isWhole(id) || !isWhole(userId)) throw new TypeError('an id is no whole number');", ''],
        ['if (!isWhole(item.productId) || !isWhole(item.quantity)) throw new TypeError(`item ${i}`);', ''],
      ],
    },
    {
      name: 'numeric-text',
      fails: ['03.add.values'],
      why: 'Number(value) makes a number of the text 7, and of null.',
      edits: [
        [
          'Number.isSafeInteger(value) && (value as number) > 0',
          'Number.isSafeInteger(Number(value)) && Number(value) > 0',
        ],
      ],
    },
    {
      name: 'pipeline',
      fails: ['03.add.at-once'],
      why: 'A pipeline is one trip, not one step: DEL may arrive without HSET.',
      edits: [['redis.multi().del(key)', 'redis.pipeline().del(key)']],
    },
    {
      name: 'plain-error',
      fails: ['03.add.values'],
      why: 'Throws an Error that a caller cannot tell from a broken connection.',
      edits: [["new TypeError('an id is no whole number')", "new Error('an id is no whole number')"]],
    },
    {
      name: 'plain-hset',
      fails: ['03.add.stale'],
      why: "The report's own: one HSET, which leaves the fields of items that are gone.",
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          'await redis.hset(key, fields);',
        ],
      ],
    },
    {
      name: 'promise-all',
      fails: ['03.add.at-once'],
      why: 'Two commands sent together are still two.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          'await Promise.all([redis.del(key), redis.hset(key, fields)]);',
        ],
      ],
    },
    {
      name: 'skips-bad-items',
      fails: ['03.add.values'],
      why: 'Leaves out items that are none, in silence.',
      edits: [
        [
          'throw new TypeError(`item ${i}`);',
          `{
             fields.items_count = Number(fields.items_count) - 1;
             continue;
           }`,
        ],
      ],
    },
    {
      name: 'skips-empty',
      fails: ['03.add.empty'],
      why: 'Does not write an order without items.',
      edits: [
        [
          'const key = `order:${order.id}`;',
          `const key = \`order:\${order.id}\`;
           if (order.items.length === 0) return;`,
        ],
      ],
    },
    {
      name: 'small-ids',
      fails: ['03.add.as-given'],
      why: 'Refuses ids above 2^31.',
      edits: [
        [
          'Number.isSafeInteger(value) && (value as number) > 0',
          'Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31',
        ],
      ],
    },
    {
      name: 'swallows-errors',
      fails: ['03.add.errors'],
      why: 'Prints the error and goes on, as if the order were there.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `try {
             await redis.multi().del(key).hset(key, fields).exec();
           } catch (error) {
             console.error('could not add the order', error);
           }`,
        ],
      ],
    },
    {
      name: 'two-multis',
      fails: ['03.add.at-once'],
      why: 'Two transactions: between them there is no order.',
      edits: [
        [
          'const replies = await redis.multi().del(key).hset(key, fields).exec();',
          `const pipeline = redis.pipeline([
             ['multi'],
             ['del', key],
             ['exec'],
             ['multi'],
             ['hset', key, ...Object.entries(fields).flat()],
             ['exec'],
           ] as any);`,
        ],
        [
          'for (const [error] of replies ?? []) if (error) throw error;',
          'for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;',
        ],
      ],
    },
    {
      name: 'two-places',
      fails: ['03.add.as-given'],
      why: 'Rounds the amount to two places.',
      edits: [
        [
          'total_amount: totalAmount',
          'total_amount: /\\.\\d\\d$/.test(totalAmount) ? totalAmount : Number(totalAmount).toFixed(2)',
        ],
      ],
    },
    {
      name: 'unpack-limit',
      fails: ['03.add.exact'],
      why: 'A script that takes at most a hundred values: long orders are cut off.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
          `const flat = Object.entries(fields).flat().slice(0, 100);
           await redis.eval("redis.call('DEL', KEYS[1]) redis.call('HSET', KEYS[1], unpack(ARGV))", 1, key, ...flat);`,
        ],
      ],
    },
    {
      name: 'watch-first',
      fails: ['03.add.one-trip'],
      why: 'WATCH, then MULTI: two trips for a step that needs no answer.',
      edits: [
        [
          'const key = `order:${order.id}`;',
          `const key = \`order:\${order.id}\`;
           await redis.watch(key);`,
        ],
      ],
    },
    {
      name: 'zero-items-count',
      fails: ['03.add.exact'],
      why: "The report's own hash: items_count is 0 beside an item.",
      edits: [['items_count: items.length', 'items_count: 0']],
    },
  ],
};
