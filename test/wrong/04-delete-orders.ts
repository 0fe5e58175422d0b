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
          'if (!onDeleted) return redis.del(...ids.map((id) => `order:${id}`));',
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
           await redis.del(\`order:\${id}\`);
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
             await redis.del(\`order:\${id}\`);
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
             const done = await redis.multi().del(\`order:\${id}\`).exec();
             if (!done) continue; // somebody changed it
             await tell([toOrder(hash)], options.onDeleted);
             return true;
           }`,
        ],
      ],
    },
  ],
};
