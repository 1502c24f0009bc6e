import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';

/**
 * An append-only file of JSON lines. What was appended is on disk when `append` resolves; appends at once share one
 * fsync.
 */
export class Journal<T> {
  private readonly file: FileHandle;
  private waiting: { readonly lines: string[]; readonly written: Promise<void> } | undefined;
  private last: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /**
   * Opens the file and returns the entries worth keeping; all else in it, and a last line cut off by a crash, is
   * dropped from it.
   */
  static async open<T>(
    path: string,
    isKept: (value: unknown) => value is T,
  ): Promise<{ readonly journal: Journal<T>; readonly entries: readonly T[] }> {
    const text = await readFile(path, 'utf8').catch(() => '');
    const entries = text.split('\n').map(parse).filter(isKept);
    await writeFile(`${path}.new`, entries.map(lineOf).join(''), { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
    return { journal: new Journal<T>(await open(path, 'a', 0o600)), entries };
  }

  append(entry: T): Promise<void> {
    const line = lineOf(entry);
    if (this.waiting) {
      this.waiting.lines.push(line);
      return this.waiting.written;
    }
    const lines = [line];
    const written = this.last.then(async () => {
      this.waiting = undefined;
      await this.file.appendFile(lines.join(''));
      await this.file.datasync();
    });
    this.waiting = { lines, written };
    this.last = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.last;
    await this.file.close();
  }
}

const lineOf = (entry: unknown): string => `${JSON.stringify(entry)}\n`;

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
