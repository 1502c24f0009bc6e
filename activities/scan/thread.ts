/** What a thread of its own is asked and answers. */
export type Asked = { readonly text: string };
export type Answered =
  | { readonly type: 'ready' }
  | { readonly type: 'found'; readonly hits: readonly ThreadHit[] }
  | { readonly type: 'error'; readonly why: string };

/** A range of the text, in UTF-16 code units. */
export interface ThreadHit {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** Where the modules of secretlint are, as URLs. */
export interface ThreadData {
  readonly core: string;
  readonly preset: string;
}

/** As much of secretlint's interface as is used. */
interface Secretlint {
  readonly lintSource: (given: object) => Promise<{
    readonly messages: readonly { readonly messageId: string; readonly range: readonly [number, number] }[];
  }>;
}
interface Preset {
  readonly creator: { readonly rules: readonly { readonly meta: { readonly id: string } }[] };
}

/**
 * What the thread does. It is started from the text of this function, so that it runs from sources as well: it uses
 * nothing from around it. The rule by which comments in a text switch others off is left out, since whoever writes the
 * text would have it.
 */
export function serve(): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const { performance } = require('node:perf_hooks') as typeof import('node:perf_hooks');
  // Secretlint keeps a mark of each rule for each text, for good.
  performance.mark = (() => undefined) as unknown as typeof performance.mark;
  // Written so that nothing that reads the sources takes it for an import of its own.
  const load = Function('url', 'return import(url)') as <T>(url: string) => Promise<T>;
  const say = (answer: Answered): void => parentPort?.postMessage(answer);
  const { core, preset } = workerData as ThreadData;
  void Promise.all([load<Secretlint>(core), load<Preset>(preset)]).then(([{ lintSource }, { creator }]) => {
    const rules = creator.rules
      .filter(({ meta }) => !meta.id.endsWith('filter-comments'))
      .map((rule) => ({ id: rule.meta.id, rule, options: {} }));
    const options = { noPhysicFilePath: true, config: { rules }, maskSecrets: true };
    parentPort?.on('message', ({ text }: Asked) => {
      const source = { filePath: 'text', content: text, ext: '', contentType: 'text' };
      void lintSource({ source, options }).then(
        ({ messages }) => {
          const hits = messages.map(({ messageId: id, range: [start, end] }) => ({ id, start, end }));
          say({ type: 'found', hits });
        },
        (error: unknown) => say({ type: 'error', why: String(error) }),
      );
    });
    say({ type: 'ready' });
  });
}
