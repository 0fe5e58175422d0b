import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'test/right/04-delete-orders/multi.ts',
  solutions: [
    {
      name: 'always-true',
      fails: ['04.one.missing'],
      why: 'Does not look at what DEL says.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `await deleteOrdersFromRedis({ redis }, [id], options);
           return true;`,
        ],
      ],
    },
    {
      name: 'by-pattern',
      fails: ['04.one.others'],
      why: 'order:1* is also order:10.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const also = (await redis.keys(\`order:\${id}*\`)).filter((key) => key !== \`order:\${id}\`);
           const there = await deleteOrdersFromRedis({ redis }, [id], options);
           if (also.length > 0) await redis.del(...also);
           return there === 1;`,
        ],
      ],
    },
    {
      name: 'counts-ids',
      fails: ['04.many.count'],
      why: 'Counts the ids asked for, not what was deleted.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const orders = await take(redis, [id]);
           await tell(orders, options.onDeleted);
           return orders.length === 1;`,
        ],
        ['return orders.length;', 'return new Set(ids).size;'],
      ],
    },
    {
      name: 'date-as-text',
      fails: ['04.told.order'],
      why: 'Hands the date on as text.',
      edits: [['new Date(hash.created_at)', 'hash.created_at as never']],
    },
    {
      name: 'deaf-replies',
      fails: ['04.one.down'],
      why: 'Never looks at the error of a reply: a pipeline that could not be sent looks like nothing to delete.',
      edits: [
        ['transaction = redis.multi()', 'transaction = redis.pipeline()'],
        ['for (const [error] of replies) if (error) throw error;', ''],
      ],
    },
    {
      name: 'drops-index',
      fails: ['04.one.others'],
      why: 'Throws the whole index away in place of one member.',
      edits: [
        [
          'if (ids.length === 0) return 0;',
          `if (ids.length === 0) return 0;
           await redis.del('orders:index');`,
        ],
        [
          'await tell(orders, onDeleted)',
          `// a second trip, for the index
           await tell(orders, onDeleted)`,
        ],
      ],
    },
    {
      name: 'empty-del',
      fails: ['04.many.empty'],
      why: 'DEL without a key is an error.',
      edits: [
        [
          'if (ids.length === 0) return 0;',
          `if (!onDeleted) return (await Promise.all([redis.del(...ids.map((id) => \`order:\${id}\`)), redis.zrem('orders:index', ...ids)]))[0];`,
        ],
      ],
    },
    {
      name: 'empty-transaction',
      fails: ['04.many.empty'],
      why: 'Sends a MULTI of nothing.',
      edits: [['if (ids.length === 0) return 0;', '']],
    },
    {
      name: 'exists-first',
      fails: ['04.race.calls'],
      why: 'Looks first, then deletes, and never asks DEL who did it.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `if ((await redis.exists(\`order:\${id}\`)) === 0) return false;
           const hash = await redis.hgetall(\`order:\${id}\`);
           await redis.multi().del(\`order:\${id}\`).zrem('orders:index', id).exec();
           await tell([toOrder(hash)], options.onDeleted);
           return true;`,
        ],
      ],
    },
    {
      name: 'field-always-true',
      fails: ['04.field.one'],
      why: 'Says true whether or not the field was there.',
      edits: [
        [
          'return (await redis.hdel(`order:${id}`, field)) === 1;',
          `await redis.hdel(\`order:\${id}\`, field);
           return true;`,
        ],
      ],
    },
    {
      name: 'field-any',
      fails: ['04.field.needed'],
      why: 'Deletes whatever field it is asked to.',
      edits: [['needed.test(field)', 'false']],
    },
    {
      name: 'field-del',
      fails: ['04.field.one'],
      why: 'Deletes the whole order for one field.',
      edits: [
        [
          '(await redis.hdel(`order:${id}`, field)) === 1',
          '(await redis.hexists(`order:${id}`, field)) === 1 && (await redis.del(`order:${id}`)) === 1',
        ],
      ],
    },
    {
      name: 'field-looks-first',
      fails: ['04.field.race'],
      why: 'Looks with HEXISTS, then deletes: two callers both see it.',
      edits: [
        [
          'return (await redis.hdel(`order:${id}`, field)) === 1;',
          `const there = await redis.hexists(\`order:\${id}\`, field);
           if (there) await redis.hdel(\`order:\${id}\`, field);
           return there === 1;`,
        ],
      ],
    },
    {
      name: 'field-one-digit',
      fails: ['04.field.needed'],
      why: 'Knows item_0 to item_9 only.',
      edits: [
        [
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/',
          '/^(id|user_id|total_amount|items_count|item_\\d_(product_id|quantity))$/',
        ],
      ],
    },
    {
      name: 'float-money',
      fails: ['04.told.money'],
      why: 'Makes a number of the amount and text of that.',
      edits: [['hash.total_amount!', 'Number(hash.total_amount).toFixed(2)']],
    },
    {
      name: 'hdel-named',
      fails: ['04.one.whole'],
      why: 'Takes only the four fields that every order has; the items stay.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const [order] = await take(redis, [id]);
           if (!order) return false;
           for (const [i, item] of order.items.entries()) {
             await redis.hset(\`order:\${id}\`, {
               [\`item_\${i}_product_id\`]: item.productId,
               [\`item_\${i}_quantity\`]: item.quantity,
             });
           }
           await tell([order], options.onDeleted);
           return true;`,
        ],
      ],
    },
    {
      name: 'hides-callback-errors',
      fails: ['04.told.fails'],
      why: 'Waits for all callbacks and forgets that one failed.',
      edits: [['if (errors.length > 0) throw errors[0];', '']],
    },
    {
      name: 'index-by-rank',
      fails: ['04.one.others'],
      why: 'ZREMRANGEBYRANK takes what stands at that place, not that member.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const there = (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;
           await redis.zremrangebyrank('orders:index', 1, id);
           return there;`,
        ],
      ],
    },
    {
      name: 'invalid-date',
      fails: ['04.told.order'],
      why: 'Makes a date of nothing where the order has none.',
      edits: [
        [
          'if (hash.created_at) order.createdAt = new Date(hash.created_at);',
          'order.createdAt = new Date(hash.created_at!);',
        ],
      ],
    },
    {
      name: 'items-as-text',
      fails: ['04.told.order'],
      why: 'Leaves product ids and quantities text.',
      edits: [
        ['Number(hash[`item_${i}_product_id`])', 'hash[`item_${i}_product_id`] as never'],
        ['Number(hash[`item_${i}_quantity`])', 'hash[`item_${i}_quantity`] as never'],
      ],
    },
    {
      name: 'items-sorted-as-text',
      fails: ['04.told.items'],
      why: 'Sorts field names as text: item_10 before item_2.',
      edits: [
        [
          `for (let i = 0; i < Number(hash.items_count); i++) {
             items.push({
               productId: Number(hash[\`item_\${i}_product_id\`]),
               quantity: Number(hash[\`item_\${i}_quantity\`]),
             });
           }`,
          `const names = Object.keys(hash)
             .filter((name) => name.endsWith('_product_id'))
             .sort();
           for (const i of names.map((name) => name.split('_')[1])) {
             items.push({
               productId: Number(hash[\`item_\${i}_product_id\`]),
               quantity: Number(hash[\`item_\${i}_quantity\`]),
             });
           }`,
        ],
      ],
    },
    {
      name: 'lock-in-this-process',
      fails: ['04.race.clients'],
      why: 'Keeps the calls of this process apart; another application knows nothing of it.',
      edits: [
        [
          `  return order;
           }`,
          `  return order;
           }
           const busy = new Set<number>();`,
        ],
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `if (busy.has(id)) return false;
           busy.add(id);
           try {
             const hash = await redis.hgetall(\`order:\${id}\`);
             if (Object.keys(hash).length === 0) return false;
             await redis.multi().del(\`order:\${id}\`).zrem('orders:index', id).exec();
             await tell([toOrder(hash)], options.onDeleted);
             return true;
           } finally {
             busy.delete(id);
           }`,
        ],
      ],
    },
    {
      name: 'not-awaited',
      fails: ['04.told.after'],
      why: 'Calls onDeleted and goes on.',
      edits: [['await tell(orders, onDeleted)', 'void tell(orders, onDeleted).catch(() => {})']],
    },
    {
      name: 'one-by-one',
      fails: ['04.many.trip'],
      why: 'One round trip an order.',
      edits: [
        [
          'const orders = await take(redis, ids);',
          `const orders: Order[] = [];
           for (const id of ids) orders.push(...(await take(redis, [id])));`,
        ],
      ],
    },
    {
      name: 'reads-then-deletes',
      fails: ['04.many.trip'],
      why: 'One round trip to read, one to delete.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const orders = await take(redis, [id]);
           await tell(orders, options.onDeleted);
           return orders.length === 1;`,
        ],
        [
          'if (ids.length === 0) return 0;',
          `if (ids.length === 0) return 0;
           await redis.pipeline(ids.map((id) => ['hgetall', \`order:\${id}\`])).exec();`,
        ],
      ],
    },
    {
      name: 'reads-too-early',
      fails: ['04.race.change'],
      why: 'DEL decides who deleted, but the order that is told was read before.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const hash = await redis.hgetall(\`order:\${id}\`);
           await redis.zrem('orders:index', id);
           if ((await redis.del(\`order:\${id}\`)) === 0) return false;
           await tell([toOrder(hash)], options.onDeleted);
           return true;`,
        ],
      ],
    },
    {
      name: 'stops-at-the-first',
      fails: ['04.told.fails'],
      why: 'The orders after the one whose callback failed are never told.',
      edits: [
        ['const errors: unknown[] = [];', ''],
        [
          `for (const order of orders) {
             try {
               await onDeleted?.(order);
             } catch (error) {
               errors.push(error);
             }
           }
           if (errors.length > 0) throw errors[0];`,
          'for (const order of orders) await onDeleted?.(order);',
        ],
      ],
    },
    {
      name: 'swallows',
      fails: ['04.one.down'],
      why: 'Takes a Redis that is down for an order that is not there.',
      edits: [['await take(redis, ids)', 'await take(redis, ids).catch(() => [])']],
    },
    {
      name: 'tells-always',
      fails: ['04.told.really'],
      why: 'Tells of an order that was not there.',
      edits: [
        [
          'await tell(orders, onDeleted);',
          'await tell(orders.length > 0 ? orders : [toOrder({ id: String(ids[0]) })], onDeleted);',
        ],
      ],
    },
    {
      name: 'tells-between',
      fails: ['04.told.after'],
      why: 'Deletes and tells one after the other: the last ones are still there when the first is told.',
      edits: [
        [
          'if (ids.length === 0) return 0;',
          `if (ids.length === 0) return 0;
           if (ids.length === 1 || ids.length > 5 || !onDeleted) {
             const all = await take(redis, ids);
             await tell(all, onDeleted);
             return all.length;
           }`,
        ],
        ['await take(redis, ids)', 'await take(redis, ids.slice(0, -1))'],
        [
          'return orders.length',
          `const last = await take(redis, ids.slice(-1));
           await tell(last, onDeleted);
           return orders.length + last.length`,
        ],
      ],
    },
    {
      name: 'twice-told',
      fails: ['04.many.twice'],
      why: 'Reads all, then deletes all: an id given twice is read twice.',
      edits: [
        ['transaction.hgetall(`order:${id}`).del', 'transaction.hgetall'],
        [
          'const replies = (await transaction.exec())!;',
          `for (const id of ids) transaction.del(\`order:\${id}\`);
           const replies = (await transaction.exec())!;`,
        ],
        [
          'replies[2 * i + 1]![1] === 1 ? [toOrder(replies[2 * i]![1] as Record<string, string>)] : []',
          `Object.keys(replies[i]![1] as object).length > 0
             ? [toOrder(replies[i]![1] as Record<string, string>)]
             : []`,
        ],
      ],
    },
    {
      name: 'watch-on-shared-connection',
      fails: ['04.race.calls'],
      why: 'WATCH belongs to a connection, and all calls share this one: the EXEC of one ends the WATCH of all.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `for (;;) {
             await redis.watch(\`order:\${id}\`);
             const hash = await redis.hgetall(\`order:\${id}\`);
             if (Object.keys(hash).length === 0) {
               await redis.unwatch();
               return false;
             }
             const done = await redis.multi().del(\`order:\${id}\`).zrem('orders:index', id).exec();
             if (!done) continue; // somebody changed it
             await tell([toOrder(hash)], options.onDeleted);
             return true;
           }`,
        ],
      ],
    },
    {
      name: 'index-kept',
      fails: ['04.one.others'],
      why: 'Leaves the id in the index.',
      edits: [[`transaction.zrem('orders:index', ...ids);`, '']],
    },
    {
      name: 'index-kept-by-one',
      fails: ['04.one.others'],
      why: 'Takes the id out of the index in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const replies = (await redis.multi().hgetall(\`order:\${id}\`).del(\`order:\${id}\`).exec())!;
for (const [error] of replies) if (error) throw error;
if (replies[1]![1] !== 1) return false;
await tell([toOrder(replies[0]![1] as Record<string, string>)], options.onDeleted);
return true;`,
        ],
      ],
    },
    {
      name: 'index-by-key',
      fails: ['04.one.others'],
      why: 'The members of the index are ids, not keys.',
      edits: [
        [
          `transaction.zrem('orders:index', ...ids);`,
          `transaction.zrem('orders:index', ...ids.map((id) => \`order:\${id}\`));`,
        ],
      ],
    },
    {
      name: 'tombstone',
      fails: ['04.one.others'],
      why: 'Leaves a key that says that the order was deleted.',
      edits: [
        [
          `transaction.zrem('orders:index', ...ids);`,
          `transaction.zrem('orders:index', ...ids);
for (const id of ids) transaction.set(\`deleted:\${id}\`, 1);`,
        ],
      ],
    },
    {
      name: 'own-connections',
      fails: ['04.one.others'],
      why: 'A connection for each call, and none is closed.',
      edits: [['redis.multi()', 'redis.duplicate().multi()']],
    },
    {
      name: 'known-fields',
      fails: ['04.one.whole'],
      why: 'Takes the fields that an order has, one by one; a note stays.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const script = \`
  local hash, gone = redis.call('HGETALL', KEYS[1]), 0
  for i = 1, #hash, 2 do
    if hash[i] ~= 'note' then gone = gone + redis.call('HDEL', KEYS[1], hash[i]) end
  end
  redis.call('ZREM', KEYS[2], ARGV[1])
  return gone > 0 and hash or {}\`;
const flat = (await redis.eval(script, 2, \`order:\${id}\`, 'orders:index', id)) as string[];
if (flat.length === 0) return false;
const hash = Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]!]] : [])));
await tell([toOrder(hash)], options.onDeleted);
return true;`,
        ],
      ],
    },
    {
      name: 'pipeline',
      fails: ['04.race.change'],
      why: 'A pipeline is one trip, not one step: somebody gets a word in between HGETALL and DEL.',
      edits: [['redis.multi()', 'redis.pipeline()']],
    },
    {
      name: 'pipeline-in-one',
      fails: ['04.race.change'],
      why: 'A pipeline in place of MULTI, in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const replies = (await redis.pipeline().hgetall(\`order:\${id}\`).del(\`order:\${id}\`).zrem('orders:index', id).exec())!;
for (const [error] of replies) if (error) throw error;
if (replies[1]![1] !== 1) return false;
await tell([toOrder(replies[0]![1] as Record<string, string>)], options.onDeleted);
return true;`,
        ],
      ],
    },
    {
      name: 'exists-in-a-pipeline',
      fails: ['04.race.clients'],
      why: 'EXISTS, HGETALL and DEL in one pipeline, and EXISTS decides.',
      edits: [
        ['transaction = redis.multi()', 'transaction = redis.pipeline()'],
        [
          'transaction.hgetall(`order:${id}`).del(`order:${id}`)',
          'transaction.hgetall(`order:${id}`).exists(`order:${id}`)',
        ],
        [
          `transaction.zrem('orders:index', ...ids);`,
          `transaction.zrem('orders:index', ...ids);
transaction.del(...ids.map((id) => \`order:\${id}\`));`,
        ],
      ],
    },
    {
      name: 'hash-decides',
      fails: ['04.race.clients'],
      why: 'Whoever read fields has deleted them: in a pipeline both of two may have.',
      edits: [
        ['transaction = redis.multi()', 'transaction = redis.pipeline()'],
        ['replies[2 * i + 1]![1] === 1 ?', 'Object.keys(replies[2 * i]![1] as object).length > 0 ?'],
      ],
    },
    {
      name: 'one-hides-callback-errors',
      fails: ['04.told.fails'],
      why: 'Hides the error of the callback, in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const [order] = await take(redis, [id]);
if (!order) return false;
await tell([order], options.onDeleted).catch(console.error);
return true;`,
        ],
      ],
    },
    {
      name: 'one-is-not-awaited',
      fails: ['04.told.after'],
      why: 'Does not await the callback, in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const [order] = await take(redis, [id]);
if (!order) return false;
options.onDeleted?.(order).catch(() => {});
return true;`,
        ],
      ],
    },
    {
      name: 'one-tells-first',
      fails: ['04.told.after'],
      why: 'Tells of the order, then deletes it, in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const hash = await redis.hgetall(\`order:\${id}\`);
if (Object.keys(hash).length === 0) return false;
await options.onDeleted?.(toOrder(hash));
return (await deleteOrdersFromRedis({ redis }, [id])) === 1;`,
        ],
      ],
    },
    {
      name: 'one-float-money',
      fails: ['04.told.money'],
      why: 'A float, in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const [order] = await take(redis, [id]);
if (!order) return false;
await tell([{ ...order, totalAmount: Number(order.totalAmount).toFixed(2) }], options.onDeleted);
return true;`,
        ],
      ],
    },
    {
      name: 'one-date-as-text',
      fails: ['04.told.order'],
      why: 'Hands the date on as text, in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const [order] = await take(redis, [id]);
if (!order) return false;
await tell([{ ...order, createdAt: order.createdAt?.toISOString() as never }], options.onDeleted);
return true;`,
        ],
      ],
    },
    {
      name: 'many-without-date',
      fails: ['04.told.order'],
      why: 'Forgets the date, in one of the two functions.',
      edits: [
        [
          'return (await deleteOrdersFromRedis({ redis }, [id], options)) === 1;',
          `const [order] = await take(redis, [id]);
if (!order) return false;
await tell([order], options.onDeleted);
return true;`,
        ],
        [
          'await tell(orders, onDeleted);',
          'await tell(orders.map(({ createdAt: _, ...order }) => order), onDeleted);',
        ],
      ],
    },
    {
      name: 'promise-all',
      fails: ['04.told.fails'],
      why: 'Promise.all throws at the first error, while the other callbacks still run.',
      edits: [
        ['const errors: unknown[] = [];', ''],
        [
          `for (const order of orders) {
    try {
      await onDeleted?.(order);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];`,
          'await Promise.all(orders.map((order) => onDeleted?.(order)));',
        ],
      ],
    },
    {
      name: 'aggregate-error',
      fails: ['04.told.fails'],
      why: 'Throws an error of its own in place of that which came.',
      edits: [['throw errors[0];', `throw new AggregateError(errors, 'some callbacks failed');`]],
    },
    {
      name: 'counts-with-exists',
      fails: ['04.many.twice'],
      why: 'EXISTS counts a key as often as it is named.',
      edits: [
        [
          'const orders = await take(redis, ids);',
          `if (!onDeleted) {
  const there = await redis.exists(...ids.map((id) => \`order:\${id}\`));
  await take(redis, ids);
  return there;
}
const orders = await take(redis, ids);`,
        ],
      ],
    },
    {
      name: 'field-down-is-false',
      fails: ['04.one.down'],
      why: 'Takes a Redis that is down for a field that is not there.',
      edits: [
        [
          'return (await redis.hdel(`order:${id}`, field)) === 1;',
          'return (await redis.hdel(`order:${id}`, field).catch(() => 0)) === 1;',
        ],
      ],
    },
    {
      name: 'refused-is-nothing',
      fails: ['04.one.down'],
      why: 'Passes on a broken connection, and takes a refused command for nothing to delete.',
      edits: [
        [
          'await take(redis, ids)',
          'await take(redis, ids).catch((error) => { if (/NOPERM|EXECABORT/.test(error.message)) return []; throw error; })',
        ],
      ],
    },
    {
      name: 'field-begins',
      fails: ['04.field.one'],
      why: 'Looks at how the name begins: item_0_quantity_note may go.',
      edits: [
        [
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/',
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))/',
        ],
      ],
    },
    {
      name: 'field-ends',
      fails: ['04.field.one'],
      why: 'Looks at how the name ends: old_id may go.',
      edits: [
        [
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/',
          '/(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/',
        ],
      ],
    },
    {
      name: 'field-item-anything',
      fails: ['04.field.one'],
      why: 'Whatever begins with item is needed.',
      edits: [
        [
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/',
          '/^(id|user_id|total_amount|items_count|item.*)$/',
        ],
      ],
    },
    {
      name: 'field-any-case',
      fails: ['04.field.one'],
      why: 'ID is not id.',
      edits: [
        [
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/',
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/i',
        ],
      ],
    },
    {
      name: 'field-in-an-object',
      fails: ['04.field.one'],
      why: 'Every object has a constructor.',
      edits: [
        [
          'needed.test(field)',
          'field in { id: 1, user_id: 1, total_amount: 1, items_count: 1 } || needed.test(field)',
        ],
      ],
    },
    {
      name: 'field-two-digits',
      fails: ['04.field.needed'],
      why: 'Knows item_0 to item_99 only.',
      edits: [
        [
          '/^(id|user_id|total_amount|items_count|item_\\d+_(product_id|quantity))$/',
          '/^(id|user_id|total_amount|items_count|item_\\d\\d?_(product_id|quantity))$/',
        ],
      ],
    },
    {
      name: 'field-deleted-then-refused',
      fails: ['04.field.needed'],
      why: 'Deletes, then says no.',
      edits: [
        [
          'if (needed.test(field))',
          'if (needed.test(field) && (await redis.hdel(`order:${id}`, field)) < 2)',
        ],
      ],
    },
    {
      name: 'field-plain-error',
      fails: ['04.field.needed'],
      why: 'An error without the name.',
      edits: [[`{ name: 'OrderFieldNeeded' }`, `{ code: 'OrderFieldNeeded' }`]],
    },
    {
      name: 'field-looks-in-a-pipeline',
      fails: ['04.field.race'],
      why: 'HEXISTS and HDEL in one pipeline, and HEXISTS decides.',
      edits: [
        [
          'return (await redis.hdel(`order:${id}`, field)) === 1;',
          `const replies = (await redis.pipeline().hexists(\`order:\${id}\`, field).hdel(\`order:\${id}\`, field).exec())!;
for (const [error] of replies) if (error) throw error;
return replies[0]![1] === 1;`,
        ],
      ],
    },
  ],
};
