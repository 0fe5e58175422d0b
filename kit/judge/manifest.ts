/** How far student code was shut in: 3 bubblewrap, 2 a container without network, 1 Node's permissions and limits. */
export type IsolationLevel = 1 | 2 | 3;

/** What this host reached, and why no more. */
export interface Isolation {
  level: IsolationLevel;
  /** 'level 3: bubblewrap, all namespaces, as user 65534' */
  sentence: string;
}

/** One check as the manifest lists it, before any student code runs. */
export interface ManifestCheck {
  id: string;
  title: string;
  points: number;
}

/** One lab as the manifest lists it. */
export interface ManifestLab {
  id: string;
  title: string;
  maxPoints: number;
  checks: ManifestCheck[];
}
