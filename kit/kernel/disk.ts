import { statSync } from 'node:fs';
import type ts from '@tslab/typescript-for-tslab';

type FileCallback = ts.FileWatcherCallback;

/**
 * Stands in for the compiler's file watchers: nothing watches, the disk is asked before a cell is compiled.
 *
 * So an edit is seen however fast the cell follows it, a save through a temporary file is like any other, and
 * `npm install` beside a running kernel wakes nobody up. Installed packages are looked at again only when an
 * import was not found.
 */
export class Disk {
  readonly #files = new Map<string, { callbacks: Set<FileCallback>; stamp: string }>();
  readonly #folders = new Map<string, Set<ts.DirectoryWatcherCallback>>();
  readonly #kinds: typeof ts.FileWatcherEventKind;

  constructor(kinds: typeof ts.FileWatcherEventKind) {
    this.#kinds = kinds;
  }

  watchFile(path: string, callback: FileCallback): ts.FileWatcher {
    if (isInstalled(path)) return { close() {} };
    const watched = this.#files.get(path) ?? { callbacks: new Set(), stamp: stampOf(path) };
    this.#files.set(path, watched);
    watched.callbacks.add(callback);
    return {
      close: () => {
        watched.callbacks.delete(callback);
        if (watched.callbacks.size === 0 && this.#files.get(path) === watched) this.#files.delete(path);
      },
    };
  }

  watchFolder(path: string, callback: ts.DirectoryWatcherCallback): ts.FileWatcher {
    const callbacks = this.#folders.get(path) ?? new Set();
    this.#folders.set(path, callbacks);
    callbacks.add(callback);
    return { close: () => callbacks.delete(callback) };
  }

  /** Tells the compiler of every file that was edited, made or deleted since the last call. */
  refresh(): void {
    for (const [path, watched] of [...this.#files]) {
      const stamp = stampOf(path);
      if (stamp === watched.stamp) continue;
      const kind = !stamp ? this.#kinds.Deleted : !watched.stamp ? this.#kinds.Created : this.#kinds.Changed;
      watched.stamp = stamp;
      for (const callback of [...watched.callbacks]) callback(path, kind);
    }
  }

  /** Makes the compiler look again for every import that it did not find. */
  lookAgain(): void {
    for (const [path, callbacks] of [...this.#folders]) for (const callback of [...callbacks]) callback(path);
  }
}

/** Changes with the file's content, also when it was replaced by another with the same time and size; '' for none. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat?.isFile() ? `${stat.mtimeNs}:${stat.ctimeNs}:${stat.size}:${stat.ino}` : '';
}

function isInstalled(path: string): boolean {
  return path.includes('/node_modules/');
}
