import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { NamespaceLeaf } from '../../protocol/evidence/namespaceLog.ts';
import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';

/** A leaf as it stands in the log of a namespace: RFC 8785. */
export const namespaceLeafBytes = (leaf: NamespaceLeaf): Uint8Array => utf8ToBytes(canonical(leaf as unknown as Json));
