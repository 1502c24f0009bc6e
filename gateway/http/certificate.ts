import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { CustodyError } from '../../protocol/errors.ts';

/** Files in PEM: a certificate with those above it, and its private key. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How often the files are looked at, in milliseconds: certificates are renewed long before they end. */
const EVERY = 10_000;

/** @throws CustodyError CONFIG_INVALID where they cannot be used */
export async function readCertificate({ cert, key }: TlsFiles): Promise<Certificate> {
  try {
    const [read, secret] = await Promise.all([readFile(cert), readFile(key)]);
    createSecureContext({ cert: read, key: secret });
    return { cert: read, key: secret };
  } catch (error) {
    throw new CustodyError(
      'CONFIG_INVALID',
      `The files of gateway.tls, ${cert} and ${key}, cannot be used: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * Reads the files again and again, and hands over what has changed. Files that cannot be used, as one of the two is new
 * already, leave what was there.
 *
 * @returns stops it
 */
export function followCertificate(
  files: TlsFiles,
  first: Certificate,
  { onChanged, onTrouble, every = EVERY }: FollowOptions,
): () => void {
  let current = first;
  let trouble: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const next = await readCertificate(files);
      trouble = undefined;
      if (next.cert.equals(current.cert) && next.key.equals(current.key)) return;
      current = next;
      onChanged(next);
    } catch (error) {
      const { message } = error as Error;
      if (message !== trouble) onTrouble(message);
      trouble = message;
    }
  };
  const timer = setInterval(() => void look(), every);
  timer.unref();
  return () => clearInterval(timer);
}

interface FollowOptions {
  readonly onChanged: (certificate: Certificate) => void;
  /** Told once of each trouble. */
  readonly onTrouble: (message: string) => void;
  readonly every?: number | undefined;
}
