import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** The header of a Jupyter message (protocol 5.3). */
export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

/** A message of the Jupyter protocol, taken out of its frames. */
export interface Message {
  /** ZeroMQ routing frames, or a topic on the iopub channel. */
  identities: Buffer[];
  header: Header;
  parent: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
}

const DELIMITER = Buffer.from('<IDS|MSG>');

/** A new message. Without a parent it starts a conversation, as a client's request does. */
export function message(
  type: string,
  content: Record<string, unknown>,
  parent?: Pick<Message, 'identities' | 'header'>,
): Message {
  return {
    identities: parent?.identities ?? [],
    header: {
      msg_id: randomUUID(),
      session: parent?.header.session ?? randomUUID(),
      username: parent?.header.username ?? 'storelab',
      date: new Date().toISOString(),
      msg_type: type,
      version: '5.3',
    },
    parent: parent?.header ?? {},
    metadata: {},
    content,
  };
}

/** The frames of a message, signed with `key` (HMAC-SHA-256); an empty key means unsigned, as Jupyter has it. */
export function encode(sent: Message, key: string): Buffer[] {
  const parts = [sent.header, sent.parent, sent.metadata, sent.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  return [...sent.identities, DELIMITER, Buffer.from(sign(parts, key)), ...parts];
}

/**
 * The message in `frames`.
 *
 * @throws Error where the frames are no message or the signature is not that of `key`.
 */
export function decode(frames: Buffer[], key: string): Message {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (at < 0 || frames.length < at + 6)
    throw new Error('Not a Jupyter message: it has no delimiter or too few parts.');
  const parts = frames.slice(at + 2);
  const expected = Buffer.from(sign(parts, key));
  const given = frames[at + 1]!;
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Error(
      "A Jupyter message's signature does not match the connection file's key: it was dropped.",
    );
  }
  const [header, parent, metadata, content] = parts.slice(0, 4).map((part) => JSON.parse(part.toString()));
  return { identities: frames.slice(0, at), header, parent, metadata, content };
}

function sign(parts: Buffer[], key: string): string {
  if (!key) return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
