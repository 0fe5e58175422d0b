/** Key of the symbol under which the runner keeps the packages. */
export const PACKAGES = 'storelab.packages';
