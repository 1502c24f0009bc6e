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
   * Opens the file and returns the entries worth keeping; the others, and a last line cut off by a crash, are dropped
   * from it.
   */
  static async open<T>(path: string, isKept: (entry: T) => boolean): Promise<{ journal: Journal<T>; entries: T[] }> {
    const text = await readFile(path, 'utf8').catch(() => '');
    const entries = text
      .split('\n')
      .flatMap((line) => parse<T>(line))
      .filter(isKept);
    await writeFile(`${path}.new`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), {
      mode: 0o600,
      flush: true,
    });
    await rename(`${path}.new`, path);
    return { journal: new Journal<T>(await open(path, 'a', 0o600)), entries };
  }

  append(entry: T): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`;
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

function parse<T>(line: string): T[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as T];
  } catch {
    return [];
  }
}
