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
          'if (createdAt !== undefined) {',
          `fields.created_at = '';
           if (createdAt !== undefined) {`,
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
    {
      name: 'amount-a-number',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Takes whatever Number() makes a number of: 1e5, 0x10, " 5", "".',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', 'Number.isNaN(Number(totalAmount))']],
    },
    {
      name: 'amount-a-positive-number',
      fails: ['03.add.values', '03.fields.values'],
      why: 'As above, from 0 on and finite: 1e5, 0x10 and " 5" still pass.',
      edits: [
        [
          '!/^\\d+(\\.\\d+)?$/.test(totalAmount)',
          '!(Number(totalAmount) >= 0 && Number(totalAmount) < Infinity)',
        ],
      ],
    },
    {
      name: 'amount-parsed',
      fails: ['03.add.values', '03.fields.values'],
      why: 'parseFloat reads the digits that it finds first: 12,50 is 12.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!(Number.parseFloat(totalAmount) >= 0)']],
    },
    {
      name: 'amount-signed',
      fails: ['03.add.values', '03.fields.values'],
      why: 'A sign is no digit.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^[+-]?\\d+(\\.\\d+)?$/.test(totalAmount)']],
    },
    {
      name: 'amount-a-line',
      fails: ['03.add.values', '03.fields.values'],
      why: 'With the flag m a line among others will do.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\d+(\\.\\d+)?$/m.test(totalAmount)']],
    },
    {
      name: 'amount-begins',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Looks at how the text begins.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\d+(\\.\\d+)?/.test(totalAmount)']],
    },
    {
      name: 'amount-ends',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Looks at how the text ends.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/\\d+(\\.\\d+)?$/.test(totalAmount)']],
    },
    {
      name: 'amount-points',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Any number of points, anywhere.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^[\\d.]+$/.test(totalAmount)']],
    },
    {
      name: 'amount-many-points',
      fails: ['03.add.values', '03.fields.values'],
      why: 'More than one point.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\d+(\\.\\d+)*$/.test(totalAmount)']],
    },
    {
      name: 'amount-point-first',
      fails: ['03.add.values', '03.fields.values'],
      why: '.5 has no digit before its point.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\d*\\.?\\d+$/.test(totalAmount)']],
    },
    {
      name: 'amount-point-last',
      fails: ['03.add.values', '03.fields.values'],
      why: '5. has no digit after its point.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\d+\\.?\\d*$/.test(totalAmount)']],
    },
    {
      name: 'amount-with-spaces',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Spaces and line breaks around it.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\s*\\d+(\\.\\d+)?\\s*$/.test(totalAmount)']],
    },
    {
      name: 'amount-of-any-script',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Digits of any script.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\p{Nd}+(\\.\\p{Nd}+)?$/u.test(totalAmount)']],
    },
    {
      name: 'amount-short',
      fails: ['03.add.as-given'],
      why: 'No more digits than a DECIMAL: the contract has no such limit.',
      edits: [['!/^\\d+(\\.\\d+)?$/.test(totalAmount)', '!/^\\d{1,63}(\\.\\d{1,2})?$/.test(totalAmount)']],
    },
    {
      name: 'amount-never-zero',
      fails: ['03.add.as-given'],
      why: 'Takes an order that costs nothing for none.',
      edits: [
        [
          '!/^\\d+(\\.\\d+)?$/.test(totalAmount)',
          '!/^\\d+(\\.\\d+)?$/.test(totalAmount) || Number(totalAmount) === 0',
        ],
      ],
    },
    {
      name: 'id-true',
      fails: ['03.add.values', '03.fields.values'],
      why: 'true is 1 for whoever compares with >= and %.',
      edits: [
        [
          'Number.isSafeInteger(value) && (value as number) > 0',
          `typeof value !== 'string' && (value as number) >= 1 && (value as number) % 1 === 0 && (value as number) <= Number.MAX_SAFE_INTEGER`,
        ],
      ],
    },
    {
      name: 'id-not-zero',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Looks for 0 alone: -1 passes.',
      edits: [['(value as number) > 0', 'value !== 0']],
    },
    {
      name: 'id-from-two',
      fails: ['03.add.as-given', '03.fields.exact'],
      why: 'Order 1 is an order.',
      edits: [['(value as number) > 0', '(value as number) > 1']],
    },
    {
      name: 'id-below-the-largest',
      fails: ['03.add.as-given', '03.fields.exact'],
      why: 'The largest id is one too.',
      edits: [
        ['(value as number) > 0', '(value as number) > 0 && (value as number) < Number.MAX_SAFE_INTEGER'],
      ],
    },
    {
      name: 'user-unseen',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Does not look at userId.',
      edits: [[' || !isWhole(userId)', '']],
    },
    {
      name: 'quantity-unseen',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Does not look at quantities.',
      edits: [[' || !isWhole(item.quantity)', '']],
    },
    {
      name: 'product-unseen',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Does not look at product ids.',
      edits: [['!isWhole(item.productId) || ', '']],
    },
    {
      name: 'first-item-only',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Looks at the first item alone.',
      edits: [
        ['if (!isWhole(item.productId) ||', 'if (i === 0 && (!isWhole(item.productId) ||'],
        ['!isWhole(item.quantity))', '!isWhole(item.quantity)))'],
      ],
    },
    {
      name: 'not-the-first-item',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Begins to look at the second item.',
      edits: [
        ['if (!isWhole(item.productId) ||', 'if (i > 0 && (!isWhole(item.productId) ||'],
        ['!isWhole(item.quantity))', '!isWhole(item.quantity)))'],
      ],
    },
    {
      name: 'items-of-a-length',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Takes what has a length for a list: the empty text has one.',
      edits: [
        [
          `if (!Array.isArray(items)) throw new TypeError('items');`,
          `if (items?.length === undefined) throw new TypeError('items');`,
        ],
        ['items.entries()', '[...Array.from(items as any[]).entries()]'],
      ],
    },
    {
      name: 'items-that-iterate',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Takes what can be iterated: a Map and a Set have no length.',
      edits: [
        [
          `if (!Array.isArray(items)) throw new TypeError('items');`,
          `if (!items?.[Symbol.iterator]) throw new TypeError('items');`,
        ],
        ['items.entries()', '[...items].entries()'],
      ],
    },
    {
      name: 'date-if-truthy',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Takes null, 0 and the empty text for no date.',
      edits: [['if (createdAt !== undefined) {', 'if (createdAt) {']],
    },
    {
      name: 'date-or-null',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Takes null for no date.',
      edits: [['if (createdAt !== undefined) {', 'if (createdAt !== undefined && createdAt !== null) {']],
    },
    {
      name: 'date-from-anything',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Makes a date of a text or a number.',
      edits: [
        [
          `if (createdAt !== undefined) {
    if (!(createdAt instanceof Date) || Number.isNaN(createdAt.getTime())) throw new TypeError('createdAt');`,
          `if (createdAt !== undefined) {
if (createdAt === null || Number.isNaN(new Date(createdAt).getTime())) throw new TypeError('createdAt');`,
        ],
        ['createdAt.toISOString()', 'new Date(createdAt).toISOString()'],
      ],
    },
    {
      name: 'date-of-any-class',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Writes a text as it is.',
      edits: [
        [
          `if (createdAt !== undefined) {
    if (!(createdAt instanceof Date) || Number.isNaN(createdAt.getTime())) throw new TypeError('createdAt');`,
          `if (createdAt !== undefined) {
if (typeof createdAt !== 'string' && !(createdAt?.getTime?.() > -Infinity)) throw new TypeError('createdAt');`,
        ],
        ['createdAt.toISOString()', `typeof createdAt === 'string' ? createdAt : createdAt.toISOString()`],
      ],
    },
    {
      name: 'date-invalid',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Leaves the invalid date to toISOString(): a RangeError, which the contract does not know.',
      edits: [[' || Number.isNaN(createdAt.getTime())', '']],
    },
    {
      name: 'date-invalid-skipped',
      fails: ['03.add.values', '03.fields.values'],
      why: 'Leaves an invalid date out in silence.',
      edits: [
        [' || Number.isNaN(createdAt.getTime())', ''],
        [
          'fields.created_at = createdAt.toISOString();',
          'if (!Number.isNaN(createdAt.getTime())) fields.created_at = createdAt.toISOString();',
        ],
      ],
    },
    {
      name: 'date-after-1970',
      fails: ['03.add.date'],
      why: '1970 began at 0, and 0 is falsy.',
      edits: [
        [
          'fields.created_at = createdAt.toISOString();',
          'if (createdAt.getTime()) fields.created_at = createdAt.toISOString();',
        ],
      ],
    },
    {
      name: 'date-without-milliseconds',
      fails: ['03.add.date', '03.fields.exact'],
      why: 'Cuts the milliseconds off.',
      edits: [['createdAt.toISOString()', `createdAt.toISOString().replace(/\\.\\d+Z$/, 'Z')`]],
    },
    {
      name: 'error-named-otherwise',
      fails: ['03.add.values', '03.fields.values'],
      why: 'An error of its own name, for an amount.',
      edits: [
        [
          `throw new TypeError('totalAmount')`,
          `throw Object.assign(new TypeError('totalAmount'), { name: 'NotAnOrder' })`,
        ],
      ],
    },
    {
      name: 'fields-setnx',
      fails: ['03.fields.exact'],
      why: 'HSETNX leaves what is there.',
      edits: [
        [
          'await redis.hset(`order:${order.id}`, field, value)',
          'await redis.hsetnx(`order:${order.id}`, field, value)',
        ],
      ],
    },
    {
      name: 'fields-float',
      fails: ['03.fields.exact'],
      why: 'A float, in one of the two functions.',
      edits: [
        [
          'await redis.hset(`order:${order.id}`, field, value)',
          `await redis.hset(\`order:\${order.id}\`, field, field === 'total_amount' ? Number(value) : value)`,
        ],
      ],
    },
    {
      name: 'fields-without-date',
      fails: ['03.fields.exact'],
      why: 'Forgets the date, in one of the two functions.',
      edits: [
        [
          'for (const [field, value] of Object.entries(fields)) await redis.hset(`order:${order.id}`, field, value);',
          `delete fields.created_at;
for (const [field, value] of Object.entries(fields)) await redis.hset(\`order:\${order.id}\`, field, value);`,
        ],
      ],
    },
    {
      name: 'fields-skip-empty',
      fails: ['03.fields.exact'],
      why: 'Does not write an order without items, in one of the two functions.',
      edits: [
        [
          'for (const [field, value] of Object.entries(fields)) await redis.hset(`order:${order.id}`, field, value);',
          `if (order.items.length === 0) return;
for (const [field, value] of Object.entries(fields)) await redis.hset(\`order:\${order.id}\`, field, value);`,
        ],
      ],
    },
    {
      name: 'fields-keep-a-copy',
      fails: ['03.fields.exact'],
      why: 'Writes another key beside the order.',
      edits: [
        [
          'for (const [field, value] of Object.entries(fields)) await redis.hset(`order:${order.id}`, field, value);',
          `for (const [field, value] of Object.entries(fields)) await redis.hset(\`order:\${order.id}\`, field, value);
await redis.set(\`order:\${order.id}:written\`, 1);`,
        ],
      ],
    },
    {
      name: 'fields-unseen',
      fails: ['03.fields.values'],
      why: 'Looks at the values in one of the two functions.',
      edits: [
        [
          `export async function addOrderToRedisFieldByField({ redis }: Ctx, order: any): Promise<void> {
const fields = fieldsOf(order);`,
          `export async function addOrderToRedisFieldByField({ redis }: Ctx, order: any): Promise<void> {
const fields: Record<string, string | number> = {
  id: order.id, user_id: order.userId, total_amount: order.totalAmount, items_count: order.items.length };
if (order.createdAt) fields.created_at = order.createdAt.toISOString();
for (const [i, item] of order.items.entries()) {
  fields[\`item_\${i}_product_id\`] = item.productId;
  fields[\`item_\${i}_quantity\`] = item.quantity;
}`,
        ],
      ],
    },
    {
      name: 'fields-swallow-errors',
      fails: ['03.add.errors'],
      why: 'Prints the error and goes on, in one of the two functions.',
      edits: [
        [
          'await redis.hset(`order:${order.id}`, field, value)',
          'await redis.hset(`order:${order.id}`, field, value).catch(console.error)',
        ],
      ],
    },
    {
      name: 'fields-date-with-the-last',
      fails: ['03.fields.trips'],
      why: 'Sends the date together with the field before it.',
      edits: [
        [
          'for (const [field, value] of Object.entries(fields)) await redis.hset(`order:${order.id}`, field, value);',
          `const { created_at: date, ...others } = fields;
for (const [field, value] of Object.entries(others)) await redis.hset(\`order:\${order.id}\`, field, value, ...(date && field === 'id' ? ['created_at', date] : []));`,
        ],
      ],
    },
    {
      name: 'away-is-fine',
      fails: ['03.add.errors'],
      why: 'Passes on what Redis says, and takes a Redis that is away for a success.',
      edits: [
        [
          'await redis.multi().del(key).hset(key, fields).exec();',
          'await redis.multi().del(key).hset(key, fields).exec().catch((error) => { if (/EXECABORT|NOPERM/.test(error.message)) throw error; return []; });',
        ],
      ],
    },
    {
      name: 'chunks',
      fails: ['03.add.at-once'],
      why: 'Long orders in parts, of which only the first stands in the transaction.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const flat = Object.entries(fields).flat();
const pipeline: any[] = [['multi'], ['del', key], ['hset', key, ...flat.slice(0, 200)], ['exec']];
for (let i = 200; i < flat.length; i += 200) pipeline.push(['hset', key, ...flat.slice(i, i + 200)]);
for (const [error] of (await redis.pipeline(pipeline).exec()) ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'date-after-exec',
      fails: ['03.add.at-once'],
      why: 'The date follows after EXEC.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const { created_at: date, ...others } = fields;
const commands: any[] = [['multi'], ['del', key]];
for (const [field, value] of Object.entries(others)) commands.push(['hset', key, field, value]);
commands.push(['exec']);
if (date) commands.push(['hset', key, 'created_at', date]);
for (const [error] of (await redis.pipeline(commands).exec()) ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'index-after-exec',
      fails: ['03.add.at-once'],
      why: 'The index hears of the order in a step of its own.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const script = "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('ZADD', KEYS[1], ARGV[1], ARGV[1]) end";
const commands: any[] = [['multi'], ['del', key], ['hset', key, ...Object.entries(fields).flat()], ['exec']];
commands.push(['eval', script, 1, 'orders:index', order.id]);
for (const [error] of (await redis.pipeline(commands).exec()) ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'index-remembered',
      fails: ['03.add.index'],
      why: 'Asks once whether there is an index, and remembers the answer.',
      edits: [
        [
          'export async function addOrderToRedis(',
          `let keepsIndex: boolean | undefined;
export async function addOrderToRedis(`,
        ],
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `keepsIndex ??= (await redis.exists('orders:index')) === 1;
const multi = redis.multi().del(key).hset(key, fields);
if (keepsIndex) multi.zadd('orders:index', order.id, String(order.id));
for (const [error] of (await multi.exec()) ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'keeps-unknown-fields',
      fails: ['03.add.stale'],
      why: 'Deletes the fields that it knows: a note stays.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const script = \`
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.find(field, '^item_') or field == 'created_at' then redis.call('HDEL', KEYS[1], field) end
  end
  redis.call('HSET', KEYS[1], unpack(ARGV))\`;
await redis.eval(script, 1, key, ...Object.entries(fields).flat());`,
        ],
      ],
    },
    {
      name: 'keeps-far-items',
      fails: ['03.add.stale'],
      why: 'Deletes a hundred items at most.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const gone = Array.from({ length: 100 }, (_, i) => [\`item_\${i}_product_id\`, \`item_\${i}_quantity\`]).flat();
const replies = await redis.multi().hdel(key, 'created_at', 'note', ...gone).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'remembers-the-fields',
      fails: ['03.add.stale'],
      why: 'Remembers which fields it wrote: others write too.',
      edits: [
        [
          'export async function addOrderToRedis(',
          `const written = new Map<number, string[]>();
export async function addOrderToRedis(`,
        ],
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const stale = (written.get(order.id) ?? ['created_at']).filter((field) => !(field in fields));
const multi = redis.multi().hset(key, fields);
if (stale.length > 0) multi.hdel(key, ...stale);
for (const [error] of (await multi.exec()) ?? []) if (error) throw error;
written.set(order.id, Object.keys(fields));`,
        ],
      ],
    },
    {
      name: 'draft-left',
      fails: ['03.add.others'],
      why: 'Makes the order under another key and copies it into place; the draft stays.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const draft = \`\${key}:draft\`;
const replies = await redis.multi().del(draft).hset(draft, fields).copy(draft, key, 'REPLACE').exec();
for (const [error] of replies ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'own-connections',
      fails: ['03.add.others'],
      why: 'A connection for each call, and none is closed.',
      edits: [['await redis.multi()', 'await redis.duplicate().multi()']],
    },
    {
      name: 'loads-its-script',
      fails: ['03.add.one-trip'],
      why: 'Loads its script with each call, then runs it.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const sha = await redis.script('LOAD', "redis.call('DEL', KEYS[1]) redis.call('HSET', KEYS[1], unpack(ARGV))");
await redis.evalsha(String(sha), 1, key, ...Object.entries(fields).flat());`,
        ],
      ],
    },
    {
      name: 'chunks-awaited',
      fails: ['03.add.one-trip'],
      why: 'Long orders in parts, each awaited.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const flat = Object.entries(fields).flat();
await redis.multi().del(key).hset(key, ...(flat.slice(0, 200) as [string, string])).exec();
for (let i = 200; i < flat.length; i += 200) await redis.hset(key, ...(flat.slice(i, i + 200) as [string, string]));`,
        ],
      ],
    },
    {
      name: 'numbers-in-lua',
      fails: ['03.add.as-given'],
      why: 'Lua prints 14 digits of a number.',
      edits: [
        [
          `const replies = await redis.multi().del(key).hset(key, fields).exec();
for (const [error] of replies ?? []) if (error) throw error;`,
          `const script = \`
  redis.call('DEL', KEYS[1])
  for field, value in pairs(cjson.decode(ARGV[1])) do
    redis.call('HSET', KEYS[1], field, type(value) == 'number' and string.format('%.14g', value) or value)
  end\`;
await redis.eval(script, 1, key, JSON.stringify(fields));`,
        ],
      ],
    },
  ],
};
