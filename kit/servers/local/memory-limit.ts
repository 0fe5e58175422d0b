/**
 * Lines of a keeper's `start.sh` (see startKept) that bound the memory of the server which comes after them: beyond it an
 * allocation fails, whoever asks for it. What counts is address space, as nothing else can be bounded without a cgroup;
 * macOS bounds none. glibc reserves 64 MB of it for each thread where it may, so it may for four.
 *
 * @param mb in MB of 1024 · 1024 bytes.
 * @example memoryLimit(2048) // 'ulimit -v 2097152 2>/dev/null\nexport MALLOC_ARENA_MAX=4\n'
 */
export const memoryLimit = (mb: number): string =>
  `ulimit -v ${mb * 1024} 2>/dev/null\nexport MALLOC_ARENA_MAX=4\n`;
