/** A lab or an answer as everything that reads one has it: UTF-8, no byte order mark, lines that end with \n. */
export interface PlainText {
  text: string;
  /** How the bytes had to be read, where they were not UTF-8. */
  encoding?: 'UTF-16' | 'Windows-1252';
  /** Lines ended as on Windows. */
  crlf: boolean;
}

/**
 * Reads a text file whatever editor wrote it. A byte order mark is dropped, UTF-16 needs one to be known, and what is
 * not UTF-8 is taken for Windows-1252. Line ends become \n, which changes no line number and no meaning of TypeScript.
 *
 * @returns undefined for what is no text: it holds a zero character.
 * @example plainText(Buffer.from('a\r\n')) // { text: 'a\n', crlf: true }
 */
export function plainText(bytes: Buffer): PlainText | undefined {
  const { text, encoding } = decode(bytes);
  if (text.includes('\0')) return undefined;
  const crlf = text.includes('\r\n');
  return { text: text.replace(/\r\n?/g, '\n'), crlf, ...(encoding && { encoding }) };
}

function decode(bytes: Buffer): Pick<PlainText, 'text' | 'encoding'> {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  if (mark === 'feff') return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'UTF-16' };
  try {
    // The decoder drops a byte order mark itself.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}

/** What to say of a file that holds no text, or text whose encoding nothing tells. */
export const notText =
  'The file cannot be read as text: save it as UTF-8 (in VS Code, click the name of the encoding at the bottom right, then "Save with Encoding").';
