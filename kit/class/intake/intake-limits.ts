const KB = 1024;
const MB = 1024 * KB;

/** How much of a submission is looked at. A worked lab is 5 to 15 KB, so nobody meets these by accident. */
export const limits = {
  /** Of one lab or answer. */
  fileBytes: 256 * KB,
  /** Labs and answers read, also where several have one name. */
  files: 200,
  /** Of all that is read. */
  keptBytes: 16 * MB,
  /** Names looked at in one folder or archive; `node_modules` and hidden folders of a folder are never entered. */
  entries: 100_000,
  /** Folders in folders. */
  depth: 16,
  /** Of an archive as it was handed in. */
  archiveBytes: 512 * MB,
  /** Of a tar, unpacked: whatever stands before the wanted files must be inflated too. */
  unpackedBytes: 1024 * MB,
  /** How many times larger than itself a compressed tar may become, once it is beyond `ratioFrom`. Source code: 3 to 10. */
  ratio: 100,
  ratioFrom: 16 * MB,
  /** Archives inside the folder of a student, and inside an archive: one level of these is opened. */
  archivesInside: 3,
  /** Of an archive inside an archive, packed. */
  innerBytes: 16 * MB,
  /** Sentences for one student. */
  notes: 30,
} as const;
