/** What `custody doctor` found out about one thing. `note` is neither good nor bad; `skip` could not be looked at. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'note' | 'skip' | 'warn' | 'fail';
  /** What was found. */
  readonly detail: string;
  /** What to do about it, where there is something to do. */
  readonly remedy: string | null;
}

const of =
  (status: Check['status']) =>
  (name: string, detail: string, remedy: string | null = null): Check => ({ name, status, detail, remedy });

export const ok = of('ok');
export const note = of('note');
export const skip = of('skip');
export const warn = of('warn');
export const fail = of('fail');
