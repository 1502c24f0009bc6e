import type { PayloadStore } from '../../protocol/values/payload.ts';
import { FolderStore } from '../../store/folder.ts';
import { storeFolder } from '../../store/location.ts';

/** The payload store of this machine, for what histories refer to. */
export const payloadsOf = ({ store }: { readonly store?: string | undefined }): PayloadStore =>
  new FolderStore(storeFolder(store));
