import type { Script } from './wire-bytes.ts';
import { packet } from './wire-bytes.ts';

/** Capability bits that tests speak about. */
export const flag = {
  MYSQL: 1,
  COMPRESS: 1 << 5,
  SSL: 1 << 11,
  MULTI_STATEMENTS: 1 << 16,
  DEPRECATE_EOF: 1 << 24,
  QUERY_ATTRIBUTES: 1 << 27,
};
const PROTOCOL_41 = 1 << 9;

export function lengthEncoded(value: number): Buffer {
  if (value < 0xfb) return Buffer.from([value]);
  const buffer = Buffer.alloc(value < 0x10000 ? 3 : 4);
  buffer[0] = value < 0x10000 ? 0xfc : 0xfd;
  buffer.writeUIntLE(value, 1, buffer.length - 1);
  return buffer;
}

const text = (value: string | Uint8Array) =>
  Buffer.concat([lengthEncoded(Buffer.byteLength(value)), Buffer.from(value as string)]);

export function greeting(flags = 0xffffffff): Buffer {
  const body = Buffer.alloc(64);
  body[0] = 10;
  body.write('8.0.0\0', 1);
  body.writeUInt16LE(flags & 0xffff, 7 + 13);
  body.writeUInt16LE(flags >>> 16, 7 + 13 + 5);
  return packet(body, 0);
}

export function login(flags: number): Buffer {
  const body = Buffer.alloc(64);
  body.writeUInt32LE((flags | PROTOCOL_41 | flag.MYSQL) >>> 0, 0);
  return packet(body, 1);
}

export const ok = (more = false) => packet(Buffer.from([0, 0, 0, more ? 8 : 2, 0, 0, 0]), 2);
export const error = (message: string) =>
  packet(Buffer.concat([Buffer.from([0xff, 0x28, 0x04]), Buffer.from(`#42000${message}`)]), 1);

/** Greeting, login, a switch of the method, OK. */
export const connected = (flags: number): Script => [
  ['server', greeting()],
  ['client', login(flags)],
  ['server', packet(Buffer.concat([Buffer.from([0xfe]), Buffer.from('caching_sha2_password\0salt')]), 2)],
  ['client', packet(Buffer.from('token'), 3)],
  ['server', packet(Buffer.from([1, 4]), 4)],
  ['client', packet(Buffer.from([0]), 5)],
  ['server', ok()],
];

export const command = (code: number, body: string | Uint8Array = '') =>
  packet(Buffer.concat([Buffer.from([code]), Buffer.from(body as string)]), 0);

const eof = (more: boolean) => packet(Buffer.from([0xfe, 0, 0, more ? 8 : 2, 0]), 3);
const okEof = (more: boolean) => packet(Buffer.from([0xfe, 0, 0, more ? 8 : 2, 0, 0, 0]), 3);

/** A result set, as text or, with rows that begin with 0, binary. */
export function resultSet(
  rows: readonly Uint8Array[],
  given: { columns: number; deprecateEof: boolean; more?: boolean },
): Buffer {
  const { columns, deprecateEof, more = false } = given;
  const definition = packet(Buffer.concat(['def', 's', 't', 't', 'c', 'c'].map(text)), 2);
  return Buffer.concat([
    packet(lengthEncoded(columns), 1),
    ...Array.from({ length: columns }, () => definition),
    ...(deprecateEof ? [] : [eof(false)]),
    ...rows.map((row) => packet(row, 4)),
    deprecateEof ? okEof(more) : eof(more),
  ]);
}

/** The reply to a PREPARE. */
export function prepared(
  id: number,
  given: { parameters: number; columns: number; deprecateEof: boolean },
): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(id, 1);
  head.writeUInt16LE(given.columns, 5);
  head.writeUInt16LE(given.parameters, 7);
  const definition = packet(Buffer.concat(['def', 's', 't', 't', 'c', 'c'].map(text)), 2);
  const list = (n: number) =>
    n === 0
      ? []
      : [...Array.from({ length: n }, () => definition), ...(given.deprecateEof ? [] : [eof(false)])];
  return Buffer.concat([packet(head, 1), ...list(given.parameters), ...list(given.columns)]);
}

export const textRow = (...values: (string | Uint8Array)[]) => Buffer.concat(values.map(text));
