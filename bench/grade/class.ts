import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import type { Submission } from '../../kit/judge/submission.ts';
import { keptSolutions } from '../../kit/prove/kept/solutions.ts';

/** A class to judge: each submission a folder of its own, as no two students hand in one file. */
export interface ClassOptions {
  /** `answers`: the worked answers. `mixed`: right and wrong solutions of other technique in turn. */
  kind: 'answers' | 'mixed';
  size: number;
  labs: readonly string[];
  into: string;
}

/** Writes the class below `into`. @example await makeClass({ kind: 'mixed', size: 40, labs, into: folder }) */
export async function makeClass({ kind, size, labs, into }: ClassOptions): Promise<Submission[]> {
  const sources = new Map<string, string[]>();
  for (const lab of labs) {
    const answer = await extractAnswer(lab);
    const kept = [...(await keptSolutions('right', lab)), ...(await keptSolutions('wrong', lab))];
    const others = kept.map(({ path }) => path);
    sources.set(lab, kind === 'answers' ? [answer] : [answer, ...others]);
  }
  return Promise.all(
    Array.from({ length: size }, async (_, i) => {
      const path = join(into, `student-${i + 1}`);
      await mkdir(path, { recursive: true });
      for (const [lab, files] of sources) await cp(files[(i * 7) % files.length]!, join(path, `${lab}.ts`));
      return { name: `student ${i + 1}`, path };
    }),
  );
}
