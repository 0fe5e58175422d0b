/** What is opened. */
const opened = /\.(?:zip|tar|tar\.gz|tgz)$/i;
const other = /\.(?:rar|7z|tar\.(?:bz2|xz|zst)|tbz2?|txz|gz|bz2|xz|zst|lha|cab|iso|dmg)$/i;

/** Whether a name is one of an archive, also of a kind that is not opened here. */
export const isArchive = (name: string): boolean => opened.test(name) || other.test(name);

/** Whether it is one of a kind that only its own program opens: `tp.rar`. */
export const isForeignArchive = (name: string): boolean => other.test(name) && !/\.gz$/i.test(name);

/**
 * The name without what makes it an archive's.
 *
 * @example withoutExtension('Zoë Müller.tar.gz') // 'Zoë Müller'
 */
export const withoutExtension = (name: string): string => name.replace(opened, '').replace(other, '');
