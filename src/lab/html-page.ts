/** Colours that read well on a dark page. */
const dark =
  '--sl-text:#e4e4e7;--sl-soft:#a6a6b0;--sl-line:#4b4b55;--sl-panel:#26262c;--sl-good:#7fd99a;--sl-bad:#ff9a8f;--sl-warn:#f3c969;--sl-accent:#8ab8ff;';

/**
 * The style of every display of the kit, to stand at the head of its HTML. It follows JupyterLab's and VS Code's
 * theme, and the system's where neither is known; each pair of colours has a contrast of at least 4.5 to 1.
 */
export const style = `<style>
.sl{--sl-text:#1c1c21;--sl-soft:#5c5c66;--sl-line:#d4d4da;--sl-panel:#f4f4f6;--sl-good:#1a7431;--sl-bad:#b3261e;--sl-warn:#7a5600;--sl-accent:#1a57b8;
color:var(--sl-text);font:14px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;max-width:60rem}
@media (prefers-color-scheme:dark){body:not([data-jp-theme-light]):not(.vscode-light) .sl{${dark}}}
body[data-jp-theme-light="false"] .sl,body.vscode-dark .sl{${dark}}
.sl code,.sl pre{font:12.5px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;color:inherit}.sl.sl pre{background:none}
.sl .sl-soft{color:var(--sl-soft)}.sl .sl-good{color:var(--sl-good)}.sl .sl-bad{color:var(--sl-bad)}.sl .sl-warn{color:var(--sl-warn)}
</style>`;

/** A display's HTML: the style, and the content in the element that the style is for. */
export function page(content: string): string {
  return `${style}<div class="sl">${content}</div>`;
}
