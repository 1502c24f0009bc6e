/** Where files of evidence are kept, by path; see `partsOfPath` for what a path is. */
export interface EvidenceStore {
  /**
   * What the store can do beside keeping files; asked anew each time, as whoever runs it may change it.
   * @throws CustodyError EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED
   */
  can(): Promise<StoreAbilities>;
  /**
   * Keeps a file; it is on disk when this resolves, and whole or not there when it does not. An immutable file that is
   * there with the same bytes is kept once; a later `retainUntil` then makes its lock longer.
   * @throws CustodyError EVIDENCE_CONFLICT where an immutable file is there with other bytes; EVIDENCE_PATH,
   *   EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED, EVIDENCE_NOT_LOCKABLE
   */
  put(path: string, bytes: Uint8Array, how: Keeping): Promise<void>;
  /**
   * The bytes of a file, or undefined where there is none.
   * @param most bytes that are taken into memory
   * @throws CustodyError EVIDENCE_TOO_LARGE, EVIDENCE_PATH, EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED
   */
  get(path: string, most: number): Promise<Uint8Array | undefined>;
  /** @throws CustodyError EVIDENCE_PATH, EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED */
  has(path: string): Promise<boolean>;
  /**
   * Paths of all files below a folder (`''`: of all), in the order of their characters. What has a name that is no path
   * of evidence is passed over.
   * @throws CustodyError EVIDENCE_PATH, EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED
   */
  list(folder: string): AsyncIterable<string>;
  /**
   * Sets or lifts the legal hold on what stands under a path now: nobody deletes or changes it while it holds, however
   * old it is.
   * @throws CustodyError EVIDENCE_MISSING where there is none; EVIDENCE_NOT_LOCKABLE, EVIDENCE_PATH,
   *   EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED
   */
  hold(path: string, on: boolean): Promise<void>;
}

/** How a file is kept. */
export interface Keeping {
  /** `immutable`: it never changes once it is there. `replaces`: it takes the place of one before, in one step. */
  readonly kind: 'immutable' | 'replaces';
  /** Until then nobody can delete or change it, its owner included. Where the store cannot, the file is refused. */
  readonly retainUntil?: Date;
}

export interface StoreAbilities {
  /** It takes `retainUntil`. */
  readonly lock: boolean;
  /** It takes `hold`. */
  readonly hold: boolean;
}
