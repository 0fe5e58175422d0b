import pc from 'picocolors';
import { estimator, leftInWords } from './estimate.ts';
import type { GradeProgress } from './grade-class.ts';

/** How often a run without a terminal says how far it is, ms. */
const EVERY_MS = 10_000;

/**
 * Says how far a run is: one line that renews itself on a terminal, elsewhere a line every ten seconds.
 *
 * @example // 123 of 500 labs, 25 %, about 4 minutes left; last: Zoë Müller, 03-hset-mapping
 */
export function progressLine(out: NodeJS.WriteStream = process.stderr): GradeProgress {
  let estimate = estimator(0);
  let last = '';
  let told = 0;
  const line = () => {
    const { done, of, secondsLeft } = estimate.read();
    const left = done < of ? leftInWords(secondsLeft) : '';
    const parts = [`${done} of ${of} labs`, `${Math.floor((100 * done) / Math.max(1, of))} %`, left];
    return `${parts.filter((part) => part !== '').join(', ')}${last ? `; last: ${last}` : ''}`;
  };
  const clear = () => {
    if (out.isTTY) out.write('\r\x1b[K');
  };
  return {
    say(sentence) {
      clear();
      out.write(`  ${pc.dim(sentence)}\n`);
    },
    begin(steps) {
      estimate = estimator(steps);
      told = performance.now();
    },
    judged(student, lab) {
      estimate.step();
      last = `${student}, ${lab}`.replace(/\p{C}/gu, '?');
      if (out.isTTY) {
        clear();
        out.write(`  ${line().slice(0, Math.max(20, (out.columns ?? 80) - 3))}`);
      } else if (performance.now() - told > EVERY_MS && estimate.read().done < estimate.read().of) {
        told = performance.now();
        out.write(`  ${line()}\n`);
      }
    },
    end() {
      clear();
      last = '';
      out.write(`  ${line()}\n`);
    },
  };
}
