import * as crypto from 'node:crypto';
import { promisify } from 'node:util';

interface Argon2Parameters {
  message: string;
  nonce: Buffer;
  parallelism: number;
  tagLength: number;
  memory: number;
  passes: number;
}
type Argon2 = (
  algorithm: 'argon2id',
  parameters: Argon2Parameters,
  callback: (error: Error | null, tag: Buffer) => void,
) => void;

// Node has it since 24.7; the types of Node that the kernel's compiler can read do not know it yet.
const argon2 = promisify((crypto as unknown as { argon2: Argon2 }).argon2);

/** What OWASP asks of argon2id at least: 19 MiB, two passes, one lane. */
const strength = { memory: 19_456, passes: 2, parallelism: 1 };

/**
 * A password as it is stored: argon2id with a salt of its own, in the form that other programs read too.
 *
 * @example await hashPassword('tinkers-delight') // '$argon2id$v=19$m=19456,t=2,p=1$...$...'
 */
export async function hashPassword(password: string): Promise<string> {
  const nonce = crypto.randomBytes(16);
  const tag = await argon2('argon2id', { message: normal(password), nonce, tagLength: 32, ...strength });
  const { memory, passes, parallelism } = strength;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(nonce)}$${text(tag)}`;
}

const stored =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Whether this is the password. False, too, for a hash that is none. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = stored.exec(hash) ?? [];
  if (!tag) return false;
  const expected = Buffer.from(tag, 'base64');
  const found = await argon2('argon2id', {
    message: normal(password),
    nonce: Buffer.from(salt!, 'base64'),
    tagLength: expected.length,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return crypto.timingSafeEqual(found, expected);
}

/** What is compared where nobody has that login, so that it takes as long as a wrong password. */
export const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$c3RvcmVsYWItc2FsdC0wMQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** The same letters, typed on another machine, are the same password. */
const normal = (password: string): string => password.normalize('NFC');
const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
