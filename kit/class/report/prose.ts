import { type Html, html } from '../../base/html-template.ts';
import { safeLine, safeText } from './safe-text.ts';

/**
 * A sentence in which `names` stand as code.
 *
 * @example prose('Use `HSET`.').text // 'Use <code>HSET</code>.'
 */
export function prose(sentence: string): Html {
  const parts = safeText(sentence).split(/`([^`]+)`/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** A person's name, which may run from right to left, or be very long. */
export const personName = (name: string): Html => html`<bdi>${safeLine(name)}</bdi>`;
