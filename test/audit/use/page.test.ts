import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proofOf } from '../../../cli/audit/proof.ts';
import { onDisk, scratch, VKEY } from '../../support/evidence/onDisk.ts';
import { sealedRecords, sealedSession } from '../../support/evidence/sealed.ts';
import { openBrowser, openPage, withoutBrowser } from './browser.ts';

const MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

describe.skipIf(withoutBrowser !== undefined)('A4: the page that verifies', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** Gives the page a folder, and waits for what it says. */
  async function verified(page: Page, folder: string, keys = VKEY): Promise<string> {
    await page.fill('#keys', keys);
    await page.setInputFiles('#folder', folder);
    await page.click('button[type=submit]');
    await page.waitForSelector('#result:not([hidden])');
    return page.innerText('#verdict');
  }

  test('says that a sound bundle is, shows its records, one in full, and what that does not prove', async () => {
    const { page, noise } = await openPage(browser);
    const { files } = await sealedSession('undo');
    expect(await verified(page, await onDisk(files))).toMatch(/^Sound: \d+ records$/);
    const rows = page.locator('#records tbody tr');
    expect(`Sound: ${await rows.count()} records`).toBe(await page.innerText('#verdict'));
    expect(await page.locator('#records pre').count()).toBe(0);
    await rows.first().locator('summary').click();
    expect(JSON.parse(await page.innerText('#records pre'))).toMatchObject({ kind: 'started', session: 'undo' });
    expect(await page.innerText('#limits')).toContain('could have made all of it anew');
    expect(noise).toEqual([]);
  });

  test('says of a changed bundle that it is not, and names the file', async () => {
    const { page } = await openPage(browser);
    const { files } = await sealedSession('undo');
    const entries = [...files.keys()].find((path) => path.startsWith('tile/entries/'))!;
    files.set(entries, Uint8Array.from([...files.get(entries)!, 1]));
    expect(await verified(page, await onDisk(files))).toMatch(/^Not sound: /);
    expect(await page.innerText('#findings')).toContain(entries);
  });

  test('shows what is left of an erased bundle', async () => {
    const { page } = await openPage(browser);
    const { files } = await sealedSession('undo');
    files.delete('session.key');
    expect(await verified(page, await onDisk(files))).toMatch(/^Sound: /);
    expect(await page.innerText('#findings')).toContain('WITHHELD');
    expect(await page.innerText('#records')).toContain('withheld');
  });

  test('verifies the proof of one record', async () => {
    const { page } = await openPage(browser);
    const folder = await onDisk((await sealedSession('undo')).files);
    const file = join(await scratch(), 'record.tlog-proof');
    await writeFile(file, await proofOf(folder, 2, false));
    await page.fill('#keys', VKEY);
    await page.setInputFiles('#proof', file);
    await page.click('button[type=submit]');
    await page.waitForSelector('#result:not([hidden])');
    expect(await page.innerText('#verdict')).toMatch(/^Sound: /);
    expect(await page.locator('#records tbody tr').count()).toBe(1);
  });

  test('reads no markup in names of sessions, tools, actors and files', async () => {
    const { page, noise } = await openPage(browser);
    const { files } = await sealedRecords(MARKUP, [
      { kind: 'attempt', call: MARKUP, by: MARKUP, data: { server: MARKUP, tool: `\u202E${MARKUP}` } },
      { kind: MARKUP, call: null, by: null, data: {} },
    ]);
    const folder = await onDisk(files);
    await mkdir(join(folder, '<img src=x onerror=alert(3)>'));
    await writeFile(join(folder, '<img src=x onerror=alert(3)>', '"><svg onload=alert(4)>'), '');
    expect(await verified(page, folder)).toMatch(/^Not sound: /);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.locator('img, svg, script:not(body > script)').count()).toBe(0);
    expect(await page.innerText('#records')).toContain(MARKUP);
    expect(await page.innerText('#records')).not.toContain('\u202E');
    expect(await page.innerText('#findings')).toContain('onload=alert(4)');
    expect(noise).toEqual([]);
  });

  test('is used by keyboard alone, says what is missing, and has a label for each field', async () => {
    const { page } = await openPage(browser);
    await page.keyboard.press('Tab');
    await page.keyboard.type(VKEY);
    for (let times = 0; times < 5; times += 1) await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Verify');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#problem:not(:empty)');
    expect(await page.innerText('#problem')).toContain('Choose the folder');
    const fields = `[...document.querySelectorAll('input, textarea')]`;
    const unlabelled = await page.evaluate(`${fields}.filter((each) => each.labels.length !== 1).map(({ id }) => id)`);
    expect(unlabelled).toEqual([]);
  });

  test('takes a folder that is dropped on it', async () => {
    const { page } = await openPage(browser);
    const folder = await onDisk((await sealedSession('undo')).files);
    const devtools = await page.context().newCDPSession(page);
    const data = { items: [], files: [folder], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, x: 50, y: 50, data });
    await page.locator('#chosen', { hasText: 'A folder' }).waitFor();
    await page.fill('#keys', VKEY);
    await page.click('button[type=submit]');
    await page.waitForSelector('#result:not([hidden])');
    expect(await page.innerText('#verdict')).toMatch(/^Sound: /);
  });

  test.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
    const { page } = await openPage(browser);
    await page.emulateMedia({ colorScheme });
    const colours = await page.evaluate<[string, string]>(
      '(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))',
    );
    const [text, ground] = colours.map(luminance) as [number, number];
    const [lighter, darker] = [Math.max(text, ground), Math.min(text, ground)];
    expect((lighter + 0.05) / (darker + 0.05)).toBeGreaterThan(7);
    expect(ground < 0.5).toBe(colorScheme === 'dark');
  });
});

/** Relative luminance of `rgb(…)`, as WCAG 2 has it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((each) => {
    const part = Number(each) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
