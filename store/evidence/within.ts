import type { EvidenceStore } from '../../protocol/evidence/store.ts';

/** A folder of a store, as a store. */
export const within = (store: EvidenceStore, folder: string): EvidenceStore => ({
  can: () => store.can(),
  put: (path, bytes, how) => store.put(`${folder}/${path}`, bytes, how),
  get: (path, most) => store.get(`${folder}/${path}`, most),
  has: (path) => store.has(`${folder}/${path}`),
  hold: (path, on) => store.hold(`${folder}/${path}`, on),
  async *list(below) {
    for await (const path of store.list(below === '' ? folder : `${folder}/${below}`))
      yield path.slice(folder.length + 1);
  },
});
