import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { print, printJson, remark } from '../../io/output.ts';
import { examples, type Globals } from '../../program.ts';

type Keys = Pick<Command, 'command'>;

/** The key of a deployment. */
export function addDeployment(keys: Keys): void {
  keys
    .command('deployment')
    .summary('make the key of a deployment')
    .description(
      'Make the key that the workers of a deployment share: they act only on what carries its authentication, and ' +
        'encrypt with it where custody.yaml says so.',
    )
    .option('--out <file>', 'write it to a new file that its owner alone may read, instead of to stdout', aPath)
    .addHelpText('after', examples('custody keys deployment --out deployment.key'))
    .action(async ({ out }, command) => {
      const { newDeploymentKey } = await import('../../../keys/key.ts');
      await give('deployment', newDeploymentKey(), out, (command.optsWithGlobals() as Globals).json);
    });
}

/** What opens payloads, derived from the key of a deployment. */
export function addReading(keys: Keys): void {
  keys
    .command('reading')
    .summary('derive a key that reads what a deployment encrypts')
    .description(
      'Derive the reading key of a deployment, for clients: it opens and encrypts, and cannot make a worker act.',
    )
    .requiredOption('--from <file>', 'the deployment key that it is derived from')
    .option('--out <file>', 'write it to a new file that its owner alone may read, instead of to stdout', aPath)
    .addHelpText('after', examples('custody keys reading --from deployment.key --out reading.key'))
    .action(async ({ from, out }, command) => {
      const { readingKeyOf } = await import('../../../keys/key.ts');
      const { readKeyFile } = await import('../../../keys/file.ts');
      await give('reading', readingKeyOf(await readKeyFile(from)), out, (command.optsWithGlobals() as Globals).json);
    });
}

async function give(kind: string, key: string, out: string | undefined, asJson: unknown): Promise<void> {
  const { parseKey } = await import('../../../keys/key.ts');
  const { writeKeyFile } = await import('../../../keys/file.ts');
  const { id } = parseKey(key);
  if (out === undefined) {
    if (asJson) printJson({ kind, id, key });
    else print(key);
    return;
  }
  await writeKeyFile(out, key);
  if (asJson) printJson({ kind, id, file: out });
  else remark(`The ${kind} key ${id} is in ${out}.`);
}

function aPath(text: string): string {
  if (text === '') throw new InvalidArgumentError('Write the path of a file.');
  return text;
}
