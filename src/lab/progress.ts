import { escapeHtml } from '../../kit/base/html.ts';
import { type Shown, updatingDisplay } from './display.ts';
import { page } from './html-page.ts';

/** A progress bar on the screen. */
export interface ProgressBar {
  /** Moves it to so many of the total; draws at most ten times a second. */
  to(done: number): void;
  /** Draws its end, whatever was done, and frees the line. */
  end(): void;
}

const width = 30;

/**
 * A bar that is updated in place: in the notebook's cell, or on a line of the terminal. Into a file or a pipe goes
 * only its end.
 *
 * @example
 * const bar = progressBar(1000, 'Orders in Redis');
 * for (let done = 0; done <= 1000; done += 100) bar.to(done);
 * bar.end(); // Orders in Redis ██████████████████████████████ 1,000 of 1,000 (100 %), 0.2 s
 */
export function progressBar(total: number, label: string): ProgressBar {
  const place = updatingDisplay();
  const began = performance.now();
  let done = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  let ended = false;
  return {
    to(count) {
      done = count;
      if (ended || performance.now() - drawn < 100) return;
      drawn = performance.now();
      place.show(render({ done, total, label, ms: drawn - began }));
    },
    end() {
      if (ended) return;
      ended = true;
      place.done(render({ done, total, label, ms: performance.now() - began }));
    },
  };
}

function render({
  done,
  total,
  label,
  ms,
}: {
  done: number;
  total: number;
  label: string;
  ms: number;
}): Shown {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
  const full = Math.floor(share * width);
  const percent = Math.floor(share * 100);
  const figures = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} (${percent} %), ${(ms / 1000).toFixed(1)} s`;
  return {
    text: `${label} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${figures}`,
    html: page(
      `<div>${escapeHtml(label)} <span class="sl-soft">${figures}</span></div>` +
        `<div role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${percent}" aria-label="${escapeHtml(label)}" ` +
        'style="height:.6rem;max-width:32rem;border-radius:.3rem;overflow:hidden;background:var(--sl-line)">' +
        `<div style="height:100%;width:${(share * 100).toFixed(1)}%;background:var(--sl-accent)"></div></div>`,
    ),
  };
}
