import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cosigned } from '../../activities/evidence/witness/cosign.ts';
import { timestamped } from '../../activities/evidence/witness/timestamp.ts';
import type { Outside } from '../../audit/seal/outside.ts';
import { parseVkey } from '../../audit/tlog/note/keys.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { CustodyError } from '../../protocol/errors.ts';

/**
 * Who outside vouches for logs, by the operator's file; undefined where nobody is named.
 * @throws CustodyError NOTE_KEY_INVALID, CONFIG_INVALID
 */
export async function outsideOf({
  evidence,
  dir,
}: Pick<OperatorConfig, 'evidence' | 'dir'>): Promise<Outside | undefined> {
  const { witnesses = [], timestamp } = evidence ?? {};
  if (witnesses.length === 0 && !timestamp) return undefined;
  const places = witnesses.map(({ url, key }) => ({ url, keys: [parseVkey(key)] }));
  const authority = timestamp && { url: timestamp.url, roots: await rootsIn(resolve(dir, timestamp.roots)) };
  return {
    keys: places.flatMap(({ keys }) => keys),
    async cosign({ checkpoint, size, proofFrom }) {
      const signatures = await Promise.all(
        places.map((place) => cosigned(place, { checkpoint, size, known: 0, proofFrom })),
      );
      return signatures.flat();
    },
    ...(authority && { timestamp: async ({ text }) => (await timestamped(authority, text)).response }),
  };
}

const rootsIn = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    throw new CustodyError('CONFIG_INVALID', `evidence.timestamp.roots cannot be read: ${(error as Error).message}.`);
  });
