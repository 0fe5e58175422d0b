/** A length-encoded integer at `at`, and where it ends; undefined past the end or for NULL. */
export function lengthEncoded(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  const first = bytes[at];
  if (first === undefined || first === 0xfb || first === 0xff) return undefined;
  if (first < 0xfb) return { value: first, end: at + 1 };
  const size = first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
  let value = 0;
  for (let i = size; i > 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return { value, end: at + 1 + size };
}

/** A little-endian integer of `size` bytes; what lies past the end counts as 0. */
export function integer(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** UTF-8 text from `from`, at most `most` bytes of it. */
export function text(bytes: Uint8Array, from: number, most: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'utf8',
    from,
    Math.min(bytes.length, from + most),
  );
}

/** An error packet with the sequence id that its reader expects. */
export function errorPacket(message: string, sequence: number): Uint8Array {
  const body = Buffer.concat([Buffer.from([0xff, 0x51, 0x04]), Buffer.from('#HY000'), Buffer.from(message)]);
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, body]);
}

/** What an error packet says: `Duplicate entry '1' for key 'PRIMARY' (1062)`. */
export function errorText(payload: Uint8Array): string {
  const code = integer(payload, 1, 2);
  const from = payload[3] === 0x23 ? 9 : 3;
  return `${text(payload, from, 200)} (${code})`;
}
