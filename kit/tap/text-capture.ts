const MAX_TEXT_BYTES = 72;

/** Keeps the beginning of a string that arrives in pieces, at most 72 bytes of it. */
export class TextCapture {
  #kept = Buffer.allocUnsafe(MAX_TEXT_BYTES);
  #length = 0;
  #total = 0;

  start(): void {
    this.#length = 0;
    this.#total = 0;
  }

  add(chunk: Uint8Array, from: number, to: number): void {
    this.#total += to - from;
    const end = Math.min(to, from + MAX_TEXT_BYTES - this.#length);
    for (let at = from; at < end; at++) this.#kept[this.#length++] = chunk[at]!;
  }

  /** What was kept, and the whole length where that is more: `'abc… (3000000 bytes)'`; a `line` loses its CR. */
  end({ line }: { line: boolean }): string {
    let length = this.#length;
    if (line && length === this.#total && length > 0 && this.#kept[length - 1] === 13) length -= 1;
    const text = this.#kept.toString('utf8', 0, length);
    return this.#total > MAX_TEXT_BYTES ? `${text}… (${this.#total} bytes)` : text;
  }
}

/** A text on one line without control characters: a newline becomes a space, another control or bad byte a dot. */
export function printable(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{C}\uFFFD]/gu, '·');
}
