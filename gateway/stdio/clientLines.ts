import { Transform, type TransformCallback, type Writable } from 'node:stream';
import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import { idOf, type Line, LineReader } from '../../mcp/stdio/lines.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { errorText, takeIn, type Taken } from '../mcp/intake.ts';

/**
 * Stands between a client and the SDK: lines that the SDK can read go through, requests that it would leave without a
 * response get one, of any length. Reads no further while the client does not take what it is answered.
 */
export class ClientLines extends Transform {
  readonly #lines = new LineReader(LIMITS.messageBytes);
  readonly #answers: Writable;
  readonly #onTrouble: (message: string) => void;

  /** @param answers what the client reads */
  constructor(answers: Writable, onTrouble: (message: string) => void) {
    super();
    this.#answers = answers;
    this.#onTrouble = onTrouble;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let isFull = false;
    for (const line of this.#lines.read(chunk))
      for (const taken of took(line)) {
        if ('pass' in taken) this.push(`${taken.pass}\n`);
        else if ('reply' in taken) isFull = !this.#answers.write(`${taken.reply}\n`);
        else this.#onTrouble(taken.drop);
      }
    if (isFull) this.#answers.once('drain', () => done());
    else done();
  }
}

function took(line: Line): readonly Taken[] {
  if (line.kind === 'line') return takeIn(line.text);
  const what = `The message has ${line.bytes} bytes, and ${LIMITS.messageBytes} is the limit.`;
  return [{ reply: errorText(String(idOf(line) ?? null), ProtocolErrorCode.InvalidRequest, what) }];
}
