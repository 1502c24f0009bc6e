import { type PKIStatusInfo, SignedData, TimeStampResp, TSTInfo } from 'pkijs';
import { CustodyError } from '../../../protocol/errors.ts';
import { quote } from '../../../protocol/values/text.ts';
import { isDer } from './der.ts';

/** The largest answer of an authority that is read, in bytes. */
export const TIMESTAMP_BYTES = 64 * 1024;

/** What an authority signed: not verified. */
export interface Token {
  readonly signed: SignedData;
  readonly info: TSTInfo;
}

const SIGNED_DATA = '1.2.840.113549.1.7.2';
export const TIMESTAMP_INFO = '1.2.840.113549.1.9.16.1.4';

/**
 * The token in the answer of an authority. Verifies nothing.
 *
 * @throws CustodyError TIMESTAMP_MALFORMED; TIMESTAMP_REJECTED where the authority says that it made none
 */
export function tokenIn(response: Uint8Array): Token {
  const { status, timeStampToken } = parsed(response);
  if (status.status > 1) throw new Rejected(status);
  if (timeStampToken?.contentType !== SIGNED_DATA) throw malformed('it holds no signed data');
  const signed = structure(() => new SignedData({ schema: timeStampToken.content }));
  const { eContentType, eContent } = signed.encapContentInfo;
  if (eContentType !== TIMESTAMP_INFO || !eContent) throw malformed('what is signed is no timestamp');
  const info = structure(() => TSTInfo.fromBER(eContent.getValue()));
  if (!isDer(new Uint8Array(eContent.getValue()))) throw malformed('what is signed is not DER');
  if (info.version !== 1) throw malformed('its version is not 1');
  if (Number.isNaN(info.genTime.getTime())) throw malformed('its time is none');
  return { signed, info };
}

function parsed(response: Uint8Array): TimeStampResp {
  if (response.length > TIMESTAMP_BYTES)
    throw malformed(`it has ${response.length} bytes, more than the ${TIMESTAMP_BYTES} that are read`);
  if (!isDer(response)) throw malformed('it is not DER, or something comes behind it');
  return structure(() => TimeStampResp.fromBER(response.slice()));
}

/** Whatever the parser thinks wrong is one thing here. */
function structure<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    throw malformed((error as Error).message.slice(0, 200));
  }
}

const malformed = (why: string): CustodyError =>
  new CustodyError('TIMESTAMP_MALFORMED', `This is not the answer of a timestamping authority: ${why}.`);

/** The authority made no timestamp. */
export class Rejected extends CustodyError {
  /** It says that it cannot just now: its clock or its system fails. */
  readonly mayPass: boolean;

  constructor(info: PKIStatusInfo) {
    const bits = failuresIn(info);
    const reasons = bits.map((bit) => FAILURES[bit] ?? `failure ${bit}`);
    const said = (info.statusStrings ?? []).slice(0, 3).map((text) => quote(String(text.getValue())));
    const why = [...reasons, ...said].join(', ') || 'it says not why';
    super('TIMESTAMP_REJECTED', `The timestamping authority made no timestamp (status ${info.status}): ${why}.`);
    this.mayPass = bits.some((bit) => bit === 14 || bit === 25);
  }
}

/** PKIFailureInfo of RFC 3161, by the number of the bit. */
const FAILURES: Readonly<Record<number, string>> = {
  0: 'it does not know the algorithm',
  2: 'it does not allow the request',
  5: 'it cannot read the request',
  14: 'it has no time just now',
  15: 'it does not know the policy',
  16: 'it does not know an extension',
  17: 'it cannot add what was asked for',
  25: 'its system fails',
};

function failuresIn({ failInfo }: PKIStatusInfo): number[] {
  const bytes = failInfo?.valueBlock.valueHexView.subarray(0, 4) ?? new Uint8Array();
  return [...bytes].flatMap((byte, index) =>
    Array.from({ length: 8 }, (_, bit) => ((byte << bit) & 0x80 ? [8 * index + bit] : [])).flat(),
  );
}
