import { SourceMap } from 'node:module';
import { isAbsolute, relative } from 'node:path';
import type { Origin } from './modules.ts';

/** A place in what a person wrote. Lines count from 1. */
export interface Place {
  /** `Cell [3]`, or a path from the root. */
  name: string;
  line: number;
  column: number;
}

const OWN = /[\\/]kit[\\/]kernel[\\/]|[\\/]node_modules[\\/](tslab|@tslab|zeromq)[\\/]/;
const INNER = /^node:(internal|vm|async_hooks|timers|events|domain)\b/;

/**
 * Makes every trace of this process speak of what was written: cells by number and line, imported files by their
 * TypeScript line and their path from the root, the kernel's own calls not at all.
 */
export function traceInSource(root: string, origins: Map<string, Origin>): void {
  Error.prepareStackTrace = (error, sites) => {
    let head = 'Error';
    try {
      head = Error.prototype.toString.call(error);
    } catch {
      // An error whose name or message throws still has a trace.
    }
    return [head, ...sites.flatMap((site) => frame(site, root, origins))].join('\n');
  };
}

function frame(site: NodeJS.CallSite, root: string, origins: Map<string, Origin>): string[] {
  const script = site.getScriptNameOrSourceURL() ?? site.getFileName() ?? '';
  const origin = origins.get(script);
  if (!origin) {
    if (!script || OWN.test(script) || INNER.test(script)) return [];
    return [`    at ${site.toString().replaceAll(`${root}/`, '')}`];
  }
  if (origin.lines && (site.getLineNumber() ?? 1) > origin.lines) return [];
  const place = placeIn(origin, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
  const where =
    script === origin.name
      ? `${place.name}, line ${place.line}`
      : `${place.name}:${place.line}:${place.column}`;
  const called = nameOf(site);
  return [called ? `    at ${called} (${where})` : `    at ${where}`];
}

function nameOf(site: NodeJS.CallSite): string {
  const name = site.getFunctionName();
  if (!name) return '';
  const type = site.isToplevel() || site.isConstructor() ? '' : site.getTypeName();
  const owner = type && type !== 'Object' && type !== 'Proxy' && !name.includes('.') ? `${type}.` : '';
  return `${site.isAsync() ? 'async ' : ''}${site.isConstructor() ? 'new ' : ''}${owner}${name}`;
}

/** Follows the source maps of `origin` from running code to what was written. */
export function placeIn(origin: Origin, line: number, column: number): Place {
  let at = { line: line - 1, column: column - 1 };
  for (const map of origin.maps) {
    const entry = parsed(map).findEntry(at.line, at.column);
    if (!('originalLine' in entry)) break;
    at = { line: entry.originalLine, column: entry.originalColumn };
  }
  return { name: origin.name, line: at.line + 1 - (origin.linesBefore ?? 0), column: at.column + 1 };
}

const maps = new Map<string, SourceMap>();

function parsed(text: string): SourceMap {
  let map = maps.get(text);
  if (!map) {
    map = new SourceMap(JSON.parse(text));
    maps.set(text, map);
  }
  return map;
}

/** The first place in a cell, or else in a file of the repository, that a trace names. */
export function firstPlace(trace: string): { name: string; line: number } | undefined {
  const cell = /\b(Cell \[\d+\]), line (\d+)/.exec(trace);
  if (cell) return { name: cell[1]!, line: Number(cell[2]) };
  const file = /^ {4}at .*?\(?([^\s():]+\.[cm]?[jt]s):(\d+):\d+\)?$/m.exec(trace);
  if (file && !isAbsolute(relative('.', file[1]!))) return { name: file[1]!, line: Number(file[2]) };
  return undefined;
}

/** The innermost place in a trace: where a command was sent, be it in a cell or in a lab's file. */
export const innermostPlace = (trace: string): { name: string; line: number } | undefined =>
  trace
    .split('\n')
    .slice(1)
    .map(firstPlace)
    .find((place) => place && !place.name.startsWith('node_modules'));
