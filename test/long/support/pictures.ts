import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { rootFolder } from '../../../kit/base/root.ts';

/** What the README shows must load quickly. */
const mostBytes = 300_000;

/**
 * Takes a picture into `.lab/pictures`, or with `LAB_PICTURES=docs` into `docs`, from where the README shows it:
 * there with a palette, by pngquant without dithering, so that it stays small and its text sharp.
 *
 * @param take writes a PNG to the path that it is given.
 * @throws Error for a picture in `docs` of more than 300 kB.
 */
export async function savePicture(name: string, take: (path: string) => Promise<unknown>): Promise<void> {
  const docs = process.env.LAB_PICTURES === 'docs';
  const folder = join(rootFolder(), docs ? 'docs' : '.lab/pictures');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  const raw = join(rootFolder(), '.lab', `${name}.raw.png`);
  await take(raw);
  if (!docs) return rename(raw, path);
  const options = ['--force', '--strip', '--nofs', '--speed=1', '--quality=70-95'];
  await execa('pngquant', [...options, '--output', path, raw]);
  const { size } = await stat(path);
  if (size > mostBytes) throw new Error(`docs/${name}.png has ${size} bytes, more than ${mostBytes}.`);
}
