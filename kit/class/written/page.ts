import { escapeHtml } from '../../base/html.ts';
import { headingsOf } from './headings.ts';
import { idIn, type LinkOptions, Links, type PageAnswer } from './links.ts';
import { pageCss } from './page-css.ts';
import { renderAnswer } from './render.ts';

export interface PageOptions extends LinkOptions {
  /** 'Worked answers' */
  title: string;
  /** A sentence below it. */
  about?: string;
}

/**
 * Answers as one HTML page that needs nothing else: no script, no file, no network. It prints as a document.
 *
 * @returns the page, with its links that lead nowhere and the addresses of the web that it names.
 */
export function answersPage(
  answers: readonly PageAnswer[],
  options: PageOptions,
): { html: string; links: Links } {
  const links = new Links(answers, options);
  const sections = answers.map((answer) => section(answer, links)).join('\n');
  const title = escapeHtml(options.title);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${pageCss}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${options.about ? `<p>${escapeHtml(options.about)}</p>` : ''}
</header>
${contents(answers)}
<main>
${sections}
</main>
</body>
</html>
`;
  return { html, links };
}

function section(answer: PageAnswer, links: Links): string {
  const { lab, markdown, remarks = [] } = answer;
  const headings = headingsOf(markdown).values();
  const body = renderAnswer(markdown, {
    shift: 1,
    link: (href, line) => links.target(href, { answer, line }),
    picture: (src, line) => links.picture(src, { answer, line }),
    anchor: () => idIn(lab, headings.next().value!),
  });
  const list = remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`).join('');
  const said = list && `<div class="remarks"><ul>${list}</ul></div>\n`;
  // An answer without a title of its own still begins with one.
  const named = headingsOf(markdown).some(({ level }) => level === 1);
  const title = named ? '' : `<h2>${escapeHtml(`${lab.slice(0, 2)} ${answer.title}`)}</h2>\n`;
  return `<section id="${escapeHtml(lab)}">\n${title}${said}${body}</section>`;
}

function contents(answers: readonly PageAnswer[]): string {
  const items = answers.map(({ lab, title, markdown }) => {
    const inner = headingsOf(markdown).filter(
      ({ level, text }) => (level === 2 || level === 3) && !/^(?:your )?answer$/i.test(text),
    );
    const list = inner.map(
      (heading) => `<li><a href="#${escapeHtml(idIn(lab, heading))}">${escapeHtml(heading.text)}</a></li>`,
    );
    const below = list.length > 0 ? `<ul>${list.join('')}</ul>` : '';
    return `<li><a href="#${escapeHtml(lab)}">${escapeHtml(`${lab.slice(0, 2)} ${title}`)}</a>${below}</li>`;
  });
  return `<nav aria-label="Contents"><h2>Contents</h2><ol>${items.join('\n')}</ol></nav>`;
}
