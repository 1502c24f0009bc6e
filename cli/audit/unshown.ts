import type { RecordValues } from '../../audit/read/record.ts';
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';
import { counted } from '../../protocol/values/text.ts';
import { remark } from '../io/output.ts';

/** The values of printed records that could not be shown, each once. */
export class Unshown {
  readonly #codes = new Map<string, ErrorCode>();

  add(values: RecordValues | undefined): void {
    for (const [sha256, each] of Object.entries(values ?? {})) if ('code' in each) this.#codes.set(sha256, each.code);
  }

  /**
   * Says on stderr what was not shown, and why. The exit code is 1 where a value is not the one that was kept, or could
   * not be looked for; one that is not there any more is told only.
   */
  report(): void {
    const codes = [...this.#codes.values()];
    for (const code of new Set(codes)) {
      const count = codes.filter((each) => each === code).length;
      remark(`${counted(count, 'value')} not shown: ${code}: ${ERRORS[code].title} ${ERRORS[code].remedy}`);
    }
    if (codes.some((code) => code !== 'PAYLOAD_MISSING')) process.exitCode = 1;
  }
}
