// What ES2023 has and tslab's TypeScript 5.0 does not declare: the methods that change a copy of a list.

interface ReadonlyArray<T> {
  toReversed(): T[];
  toSorted(compareFn?: (a: T, b: T) => number): T[];
  toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
  toSpliced(start: number, deleteCount?: number): T[];
  with(index: number, value: T): T[];
}

interface Array<T> {
  toReversed(): T[];
  toSorted(compareFn?: (a: T, b: T) => number): T[];
  toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
  toSpliced(start: number, deleteCount?: number): T[];
  with(index: number, value: T): T[];
}

interface Uint8Array {
  toReversed(): Uint8Array;
  toSorted(compareFn?: (a: number, b: number) => number): Uint8Array;
  with(index: number, value: number): Uint8Array;
}
