import { escapeHtml } from '../../base/html.ts';
import { type Html, html, Html as Raw } from '../../base/html-template.ts';

const elements = new Set(
  'p h1 h2 h3 h4 h5 h6 strong em s del code pre span blockquote ul ol li a table thead tbody tr th td sup sub div section dl dt dd'.split(
    ' ',
  ),
);
const empty = new Set(['br', 'hr']);
const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/y;
const attribute = /([a-z-]+)(?:="([^"<>]*)")?/g;

/**
 * A written answer's HTML as it may stand inside another page. It comes rendered without raw HTML already; this is
 * the second lock: elements that are known and closed in their order, links to the web, and nothing else. What does
 * not fit is shown as the text that it is. No id and no style of it reaches the page; pictures are named.
 *
 * @example inert('<p id="x">one <script>two</script></p>').text // the source, escaped, in a <pre>
 */
export function inert(source: string): Html {
  const cleaned = clean(source);
  return cleaned === undefined ? html`<pre>${source}</pre>` : new Raw(cleaned);
}

function clean(source: string): string | undefined {
  const open: string[] = [];
  let out = '';
  for (let at = 0; at < source.length; ) {
    const next = source.indexOf('<', at);
    const end = next < 0 ? source.length : next;
    out += source.slice(at, end).replaceAll('>', '&gt;');
    if (next < 0) break;
    tag.lastIndex = next;
    const found = tag.exec(source);
    if (!found) return undefined;
    const [whole, closing, name = '', attributes = ''] = found;
    at = next + whole.length;
    if (name === 'img') out += picture(attributes);
    else if (empty.has(name)) out += `<${name}>`;
    else if (!elements.has(name)) return undefined;
    else if (closing === '/') {
      if (open.pop() !== name) return undefined;
      out += `</${name}>`;
    } else {
      open.push(name);
      out += `<${name}${kept(name, attributes)}>`;
    }
  }
  return open.length === 0 ? out : undefined;
}

function kept(name: string, attributes: string): string {
  return [...attributes.matchAll(attribute)]
    .map(([, key = '', value = '']) => {
      if (key === 'href' && name === 'a' && /^(https?:\/\/|mailto:)/i.test(value)) {
        return ` href="${value}" rel="noreferrer noopener" target="_blank"`;
      }
      if (key === 'class' && /^[\w -]*$/.test(value)) return ` class="${value}"`;
      if ((key === 'start' || key === 'colspan' || key === 'rowspan') && /^\d{1,4}$/.test(value)) {
        return ` ${key}="${value}"`;
      }
      return '';
    })
    .join('');
}

/** A picture is not fetched: its text stands for it. */
function picture(attributes: string): string {
  const alt = [...attributes.matchAll(attribute)].find(([, key]) => key === 'alt')?.[2] ?? '';
  return `<em>[picture${alt === '' ? '' : `: ${alt}`}]</em>`;
}

/** The same, where an answer may be absent. */
export function inertOr(source: string | undefined, otherwise: string): Html {
  return source === undefined || source.trim() === ''
    ? new Raw(`<p class="soft">${escapeHtml(otherwise)}</p>`)
    : inert(source);
}
