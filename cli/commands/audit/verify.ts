import type { Trust } from '../../../audit/verify/bundle.ts';
import type { Verification } from '../../../audit/verify/verify.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { Beside } from '../../audit/verify.ts';
import { print, printJson, remark } from '../../io/output.ts';
import { count, repeated } from '../../io/parse.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Program } from '../../program.ts';

export function addVerify(program: Program): void {
  program
    .command('verify')
    .summary('verify a sealed session, offline')
    .description(
      'Verify a bundle of evidence, the proof of one record, or a report that was made from a bundle, against keys ' +
        'that you trust. It needs neither Temporal nor a network. Exit code 1 if anything is wrong with it.',
    )
    .argument(
      '[path...]',
      'the folder of a bundle or of the log of a namespace, or a file of `custody audit proof`; or several bundles',
    )
    .option(
      '--trust <key>',
      'a verifier key of who seals (NAME+ID+BASE64), or a file of them; may be repeated',
      repeated,
    )
    .option('--origin <origin>', 'the log that it must be of: custody/NAMESPACE/SESSION')
    .option('--sessions <dir>', 'of the log of a namespace: the folder of its sessions; else ../../sessions')
    .option('--session-key <file>', 'the key of the session, where it is not in the bundle')
    .option('--witness <key>', 'a verifier key of a witness, or a file of them; may be repeated', repeated)
    .option('--tsa-root <file>', 'root certificates of a timestamping authority, in PEM; may be repeated', repeated)
    .option('--least <n>', 'so many of the witnesses must have signed; else all of them', count)
    .option('--report <file>', 'a report of the bundles in JSON: each figure of it is made again from the records')
    .option('--archive', 'the folder is that of a session in an archive: what is not listed there counts for nothing')
    .option('--page <file>', 'write a page that verifies in a browser, offline, and do nothing else')
    .addHelpText(
      'after',
      examples(
        'custody verify session-1/ --trust evidence.vkey',
        'custody verify session-1/ --trust evidence.vkey --origin custody/default/session-1 --json',
        'custody verify record-7.tlog-proof --trust evidence.vkey',
        'custody verify session-1/ --trust evidence.vkey --report report.json',
        'custody verify session-1/ session-2/ --trust evidence.vkey --report both.json',
        'custody verify archive/default/sessions/session-1 --archive --trust evidence.vkey',
        'custody verify archive/default/log/custody --trust evidence.vkey',
        'custody verify --page verify.html',
      ),
    )
    .action(async (paths, { page, trust: keys, report, sessions, archive: isArchive, ...given }, command) => {
      const { json } = command.optsWithGlobals();
      if (page !== undefined) return writePage(page, json);
      const [path, ...others] = paths;
      if (path === undefined || keys === undefined)
        throw new CustodyError('USAGE', 'Name what to verify, and with --trust the key of who should have sealed it.');
      if (others.length > 0 && (given.origin !== undefined || given.sessionKey !== undefined))
        throw new CustodyError('USAGE', '--origin and --session-key are of one bundle; verify several without them.');
      const [{ trustOf }, { isNamespaceLog }] = await Promise.all([
        import('../../audit/trust.ts'),
        import('../../audit/namespaceLog.ts'),
      ]);
      const trust = await trustOf({ ...given, trust: keys });
      if (others.length > 0) return verifySeveral(paths, trust, { report, isArchive }, json);
      if (await isNamespaceLog(path)) return verifyLog(path, trust, sessions, json);
      return verifyOne(path, trust, { report, isArchive }, json);
    });
}

type Json = true | undefined;

async function verifyOne(path: string, trust: Trust, beside: Beside, json: Json): Promise<void> {
  const { verifyAt } = await import('../../audit/verify.ts');
  const verification = await verifyAt(path, trust, beside);
  if (!verification.isSound) process.exitCode = 1;
  const { showVerification } = await import('../../render/audit/verification.ts');
  return json ? printJson(await said(verification)) : print(showVerification(verification));
}

async function verifySeveral(paths: readonly string[], trust: Trust, beside: Beside, json: Json): Promise<void> {
  const { verifyAll } = await import('../../audit/verify.ts');
  const { bundles, report } = await verifyAll(paths, trust, beside);
  const isSound = [...bundles, ...(report ? [report] : [])].every((each) => each.isSound);
  if (!isSound) process.exitCode = 1;
  const { showSeveral } = await import('../../render/audit/verification.ts');
  if (!json) return print(showSeveral(bundles, report));
  return printJson({ isSound, bundles: await Promise.all(bundles.map(said)), ...(report && { report }) });
}

/** A verification as it is told: without its records. */
async function said(verification: Verification): Promise<object> {
  const { limitsOf } = await import('../../../audit/verify/limits.ts');
  const { sealed: _sealed, ...rest } = verification;
  return { ...rest, limits: limitsOf(verification) };
}

async function verifyLog(path: string, trust: Trust, sessions: string | undefined, json: Json): Promise<void> {
  const { verifyNamespaceAt } = await import('../../audit/namespaceLog.ts');
  const verification = await verifyNamespaceAt(path, trust, sessions);
  if (!verification.isSound) process.exitCode = 1;
  const { showNamespaceLog } = await import('../../render/audit/namespaceLog.ts');
  if (!json) return print(showNamespaceLog(verification));
  const { namespaceLimitsOf } = await import('../../../audit/verify/namespace/limits.ts');
  return printJson({ ...verification, limits: namespaceLimitsOf(verification) });
}

async function writePage(path: string, json: Json): Promise<void> {
  const { copyFile, constants } = await import('node:fs/promises');
  const page = new URL('../../../audit/page/verify.html', import.meta.url);
  await copyFile(page, path, constants.COPYFILE_EXCL).catch((error: Error) => {
    throw new CustodyError('USAGE', `The page cannot be written: ${error.message}.`);
  });
  if (json) printJson({ file: path });
  else remark(`The page is ${printable(path)}. Open it in a browser, and give it the key and the folder of a bundle.`);
}
