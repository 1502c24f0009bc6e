/** What stands with an error code. `title` is the sentence for people, `remedy` what to do about it. */
export interface ErrorEntry {
  readonly title: string;
  readonly remedy: string;
  /** What a gateway answers with. */
  readonly http: number;
  readonly jsonRpc: number;
  /** The same request may be made again, unchanged, with a chance to succeed. */
  readonly retryable: boolean;
}

export const entry = (
  title: string,
  remedy: string,
  http: number,
  retryable = false,
  jsonRpc = -32000,
): ErrorEntry => ({ title, remedy, http, jsonRpc, retryable });
