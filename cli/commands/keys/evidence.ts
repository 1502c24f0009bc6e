import type { Command } from '@commander-js/extra-typings';
import { print, printJson, remark } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Globals } from '../../program.ts';

/** The key that evidence is signed with. */
export function addEvidence(keys: Pick<Command, 'command'>): void {
  keys
    .command('evidence')
    .summary('make the key that evidence is signed with')
    .description(
      'Make the key with which the workers of a deployment sign what they seal. The private one goes into a file ' +
        'that this user alone can read; the public one is printed, for all who verify.',
    )
    .requiredOption('--name <name>', 'of the deployment, as those who verify know it: example.com/custody')
    .option('--out <file>', 'of the private key; it must not be there yet', 'evidence.key')
    .addHelpText('after', examples('custody keys evidence --name example.com/custody'))
    .action(async ({ name, out }, command) => {
      const [{ randomBytes }, { signerFrom }, { skeyOf, vkeyOf }, { writeKeyFile }] = await Promise.all([
        import('node:crypto'),
        import('../../../audit/tlog/note/sign.ts'),
        import('../../../audit/tlog/note/keys.ts'),
        import('../../../keys/file.ts'),
      ]);
      const seed = new Uint8Array(randomBytes(32));
      const { verifier } = await signerFrom(name, seed);
      await writeKeyFile(out, skeyOf({ ...verifier, seed }));
      const key = vkeyOf(verifier);
      if ((command.optsWithGlobals() as Globals).json) return printJson({ file: out, key });
      print(key);
      remark(
        `The private key is in ${printable(out)}; name it as evidence.sign in custody.yaml. Give the public key ` +
          'to those who verify, by another way than the evidence.',
      );
    });
}
