import { type Html, html, type Part } from '../../../kit/base/html-template.ts';
import type { ShopContext } from '../shop-context.ts';

/** A page of the shop. */
export interface PageParts {
  title: string;
  /** The entry of the navigation that it belongs to. */
  path: string;
  body: Part;
}

const entries: readonly [path: string, name: string][] = [
  ['/orders', 'Orders'],
  ['/products', 'Products'],
  ['/users', 'Users'],
  ['/orders/reports/highest_spenders', 'Highest spenders'],
  ['/orders/reports/best_sellers', 'Best sellers'],
];

const states = {
  'in-sync': 'Redis is in sync with MySQL',
  behind: 'Redis is behind: reading MySQL',
  syncing: 'Redis is being synced: reading MySQL',
} as const;

/** A whole document: a link past the navigation, the navigation, what is being read, and the foot. */
export function layout(shop: ShopContext, { title, path, body }: PageParts): Html {
  const { state } = shop.sync.status();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · storelab shop</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<div class="wide bar">
<a class="brand" href="/"${path === '/' && html` aria-current="page"`}>storelab shop</a>
<nav aria-label="Shop"><ul>
${entries.map(([to, name]) => html`<li><a href="${to}"${to === path && html` aria-current="page"`}>${name}</a></li>`)}
</ul></nav>
<p class="state ${state}">${states[state]}</p>
</div>
</header>
<main id="main" tabindex="-1" class="wide">
${body}
</main>
<footer><p class="wide">${shop.about}</p></footer>
</body>
</html>
`;
}
