import { escapeHtml } from './html.ts';

/** HTML that is safe to send: only `html` makes it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template. Text is escaped; nothing stands for itself. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/**
 * A template whose values are escaped, whether they stand in an element or in a quoted attribute.
 *
 * @example html`<p title="${'"'}">${'<b>'}</p>`.text // '<p title="&quot;">&lt;b&gt;</p>'
 */
export function html(texts: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(texts.map((text, i) => text + (i < values.length ? textOf(values[i]) : '')).join(''));
}

function textOf(value: Part): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (value === null || value === undefined || value === false) return '';
  return escapeHtml(String(value));
}
