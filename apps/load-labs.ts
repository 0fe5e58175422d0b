import { existsSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadHere } from '../kit/judge/runner/load-here.ts';
import { fileOf, type Submission, shownName } from '../kit/judge/submission.ts';
import { catalog } from '../src/catalog.ts';
import type { LoadedLab } from './shared/loaded-lab.ts';

/**
 * Loads these labs of a submission into this process: an app runs on them. One that does not load says why, and the
 * rest go on.
 *
 * @example await loadLabs(findSubmission('answers'), ['01-initial-sync', '02-read-orders'])
 */
export function loadLabs(chosen: Submission, ids: readonly string[]): Promise<LoadedLab[]> {
  return Promise.all(ids.map((id) => loadLab(chosen, id)));
}

async function loadLab(chosen: Submission, id: string): Promise<LoadedLab> {
  const entry = catalog.find((lab) => lab.id === id);
  const lab = { id, title: entry?.title ?? id, question: entry?.question ?? '', exports: {} };
  let file = `labs/${id}.ts`;
  try {
    const path = await fileOf(chosen, id);
    file = shownName(path, id);
    return { ...lab, file, exports: await loadHere(path, entry?.packages ?? []) };
  } catch (error) {
    return { ...lab, file, problem: problemOf(error as Error & { line?: number; code?: string }) };
  }
}

function problemOf({ message, line, code }: Error & { line?: number; code?: string }): string {
  if (code === 'ENOENT') return 'This edition does not hold it.';
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return line === undefined ? sentence : `line ${line}: ${sentence}`;
}

/**
 * Calls `onEdit` after any of these labs was saved, and says which file. A save is often several events: they count as
 * one.
 *
 * @returns what ends it
 */
export async function watchLabs(
  chosen: Submission,
  ids: readonly string[],
  onEdit: (file: string) => void,
): Promise<() => void> {
  const paths = await Promise.all(ids.map((id) => fileOf(chosen, id)));
  let timer: NodeJS.Timeout | undefined;
  const watchers = [...new Set(paths.map((path) => dirname(path)))].filter(existsSync).map((folder) =>
    watch(folder, (_event, name) => {
      const i = paths.findIndex((path) => name !== null && path === join(folder, name));
      if (i < 0) return;
      clearTimeout(timer);
      timer = setTimeout(() => onEdit(shownName(paths[i]!, ids[i]!)), 100);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
