import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readPageAssets, writeEvidence, writeRun } from '../../src/report/write.ts';
import { startChromium } from '../helpers/chromium.ts';
import * as samples from './samples.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const { passed, failed, nasty, skipped } = samples;
const entries = Object.entries({ passed, failed, nasty, skipped }).map(([slug, result]) => ({
  slug,
  result,
  base: '',
}));
const pages = [...entries.map(({ slug }) => `${slug}/report.html`), 'index.html'];

let directory: string;
let browser: Browser;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wsgi-dev-report-'));
  const assets = await readPageAssets(resolve('dist/report'));
  for (const { slug, result } of entries) {
    const recording = slug === 'nasty' ? samples.nastyRecording : samples.recording;
    const environment = slug === 'skipped' ? undefined : samples.environment;
    await writeEvidence(join(directory, slug), { result, recording, environment }, assets);
  }
  await writeRun(directory, entries, assets);
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** What the page said that it should not have: errors, refusals by its policy. */
  readonly complaints: string[];
  readonly requests: string[];
}

async function open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`file://${directory}/${path}`);
  return { page, complaints, requests };
}

/** The scripts have run. */
async function drawn(page: Page): Promise<void> {
  await page.locator('#theme').waitFor();
  if (await page.locator('#player').count()) await page.locator('.ap-playback-button').waitFor();
}

const inside = <T>(page: Page, script: string): Promise<T> => page.evaluate(script) as Promise<T>;

async function violations(page: Page): Promise<readonly string[]> {
  // The page's own policy lets nothing in: the checker comes through the debugger's door.
  await page.addScriptTag({ path: axe });
  const { violations: found } = await inside<AxeResults>(page, 'axe.run()');
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

test.each(pages.flatMap((path) => (['light', 'dark'] as const).map((colorScheme) => [path, colorScheme] as const)))(
  '%s is accessible: %s',
  async (path, colorScheme) => {
    const { page } = await open(path, { colorScheme, bypassCSP: true });
    await drawn(page);
    await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    expect(await violations(page)).toEqual([]);
  },
);

test.each(pages)('%s is one page: no network, nothing that its policy refuses', async (path) => {
  const { page, complaints, requests } = await open(path);
  await drawn(page);
  expect(requests).toEqual([`file://${directory}/${path}`]);
  expect(complaints).toEqual([]);
});

test.each([1280, 600, 360])('%i pixels are wide enough: nothing is cut off', async (width) => {
  for (const path of pages) {
    const { page } = await open(path, { viewport: { width, height: 800 } });
    await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    expect(await inside(page, 'document.documentElement.scrollWidth'), path).toBe(width);
  }
});

test('no text of the application becomes part of a page', async () => {
  for (const path of ['nasty/report.html', 'index.html']) {
    const { page } = await open(path);
    await page.locator('#theme').waitFor();
    expect(await inside(page, 'window.escaped'), path).toBeUndefined();
    expect(await page.locator('main img, main script, main b').count(), path).toBe(0);
    expect(await page.locator('main').textContent()).toContain(samples.hostile);
  }
});

test('even what got in as HTML would not run', async () => {
  const { page, complaints } = await open('passed/report.html');
  await inside(
    page,
    `document.querySelector('main').insertAdjacentHTML('beforeend', ${JSON.stringify(samples.hostile)})`,
  );
  await expect.poll(() => complaints.join('\n')).toContain('Content Security Policy');
  expect(await inside(page, 'window.escaped')).toBeUndefined();
});

test('what would turn or hide the text around it is shown by its code', async () => {
  const { page } = await open('nasty/report.html');
  const message = await page.locator('.failure .message').textContent();
  expect(message).toContain('\\u202egnp.exe');
  expect(message).toContain('\\x1b[31mred');
});

test('the failure is the first that one reads', async () => {
  const { page } = await open('failed/report.html');
  const failure = page.locator('main > section').first();
  expect(await failure.locator('h2').textContent()).toBe('It stopped where no step expects a stop');
  expect(await failure.locator('.message').textContent()).toBe(samples.failed.failure?.message);
  expect(await failure.locator('[aria-current]').textContent()).toContain('breakpoint()');
  expect(await failure.locator('[aria-current]').getAttribute('value')).toBe('17');
  const box = await failure.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 900)).toBeLessThan(900);
});

test('outcomes are told by words and shapes, not by colour alone', async () => {
  const { page } = await open('failed/report.html');
  const steps = page.locator('.steps > li');
  expect(await steps.locator('.head .mark').allTextContents()).toEqual([
    'passed',
    'passed',
    'passed',
    'failed',
    'not reached',
  ]);
  const shapes = await inside<string[]>(
    page,
    '[...document.querySelectorAll(".steps .head use")].map((use) => use.getAttribute("href"))',
  );
  expect(shapes).toEqual(['#icon-passed', '#icon-passed', '#icon-passed', '#icon-failed', '#icon-skipped']);
  expect(await steps.nth(3).locator('details').getAttribute('open')).toBe('');
  expect(await steps.nth(1).locator('details').getAttribute('open')).toBeNull();
});

test('a stop has its source, its names, its commands; a request its status and time', async () => {
  const { page } = await open('failed/report.html');
  const stop = page.locator('#stop-1');
  expect(await stop.locator('[aria-current] code').textContent()).toContain('total = sum(');
  expect(await stop.locator('.locals th[scope=row]').allTextContents()).toEqual(['request', 'items']);
  expect(await stop.locator('.typed code').allTextContents()).toEqual(['p len(items)', 'p items']);
  expect(await stop.locator('.printed').first().textContent()).toBe('2');
  expect(await page.locator('#stop-2 .meta').textContent()).toContain('no step waits for it');
  expect(await page.locator('#request-1 td').allTextContents()).toEqual(['200', '13 B', '55 ms']);
  expect(await page.locator('#request-2 td').allTextContents()).toEqual(['no response', '', '']);
});

test('the recording plays, by the player itself', async () => {
  const { page } = await open('failed/report.html');
  const screen = page.locator('.ap-term-text');
  // The poster is the last screen.
  await expect.poll(() => screen.textContent()).toContain('coupons.py(17)discounted()');
  await page.locator('.ap-playback-button').click();
  await expect.poll(() => screen.textContent()).not.toContain('discounted()');
  await expect.poll(() => screen.textContent()).toContain('(Pdb) continue');
  await expect.poll(() => screen.textContent()).toContain('coupons.py(17)discounted()');
});

test('from a stop it plays on from there', async () => {
  const { page } = await open('failed/report.html');
  await page.locator('.ap-playback-button').waitFor();
  expect(await page.locator('.ap-marker-container').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Play from here' }).first().click();
  await expect.poll(() => inside(page, 'document.activeElement.className')).toContain('ap-wrapper');
  await expect.poll(() => page.locator('.ap-term-text').textContent()).toContain('views.py(42)cart_total()');
});

test('the search leaves the steps, stops and requests that hold every word', async () => {
  const { page } = await open('failed/report.html');
  await page.getByRole('searchbox').fill('checkout');
  expect(await page.locator('#found').textContent()).toBe('2 of 11 shown');
  expect(await page.locator('[data-find]:visible').evaluateAll((found) => found.map(({ id }) => id))).toEqual([
    'stop-2',
    'request-2',
  ]);
  expect(await page.locator('#steps').isVisible()).toBe(false);
  await page.getByRole('searchbox').fill('CHECKOUT get 2');
  expect(await page.locator('#found').textContent()).toBe('2 of 11 shown');
  await page.getByRole('searchbox').fill('nowhere to be found');
  expect(await page.locator('#found').textContent()).toBe('0 of 11 shown');
  await page.getByRole('searchbox').fill('');
  expect(await page.locator('[data-find]:visible').count()).toBe(11);
});

test('a link to what the search has hidden shows it again', async () => {
  const { page } = await open('failed/report.html');
  await page.getByRole('searchbox').fill('missing');
  await page.getByRole('link', { name: 'step 4: response 200' }).click();
  await expect.poll(() => page.locator('#step-4').isVisible()).toBe(true);
});

test('the search of the list of scenarios', async () => {
  const { page } = await open('index.html');
  const names = page.locator('.entries > li:visible h3');
  expect((await names.allTextContents()).at(0)).toBe('a coupon is taken off once');
  await page.getByRole('searchbox').fill('skipped');
  expect(await names.allTextContents()).toEqual(['import of a large catalogue']);
  await page.getByRole('link', { name: 'import of a large catalogue' }).click();
  await expect.poll(() => page.locator('h1').textContent()).toBe('import of a large catalogue');
  await page.getByRole('link', { name: 'All scenarios' }).click();
  await expect.poll(() => page.locator('h1').textContent()).toBe('2 failed, 1 passed, 1 skipped');
});

test('light and dark: as the system has it, or as chosen, which other pages and visits keep', async () => {
  const { page } = await open('failed/report.html', { colorScheme: 'light' });
  const paper = (of: Page) => inside<string>(of, 'getComputedStyle(document.body).backgroundColor');
  const light = await paper(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await paper(page);
  expect(dark).not.toBe(light);
  const toggle = page.getByRole('button', { name: 'Dark' });
  expect(await toggle.getAttribute('aria-pressed')).toBe('true');
  await toggle.click();
  expect(await toggle.getAttribute('aria-pressed')).toBe('false');
  expect(await paper(page)).toBe(light);
  await page.reload();
  expect(await paper(page)).toBe(light);
});

test('the keyboard reaches everything, and one sees where it is', async () => {
  const { page } = await open('failed/report.html');
  await page.locator('.ap-playback-button').waitFor();
  const wanted = await inside<number>(
    page,
    `[...document.querySelectorAll('a[href], button, input, summary')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true })).length`,
  );
  const reached = new Set<string>();
  const unmarked: string[] = [];
  for (let presses = 0; presses < wanted + 20; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await inside<{ path: string; control: boolean; marked: boolean } | null>(
      page,
      `(() => {
        const element = document.activeElement;
        if (element === document.body) return null;
        const path = [];
        for (let one = element; one.parentElement; one = one.parentElement) path.push([...one.parentElement.children].indexOf(one));
        const style = getComputedStyle(element);
        return {
          path: element.outerHTML.slice(0, 80) + path.join('.'),
          control: element.matches('a[href], button, input, summary'),
          marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        };
      })()`,
    );
    if (at === null) break;
    if (at.control) reached.add(at.path);
    if (at.control && !at.marked) unmarked.push(at.path);
    if (presses === 0) expect(at.path).toContain('Skip to the report');
  }
  expect(unmarked).toEqual([]);
  expect(reached.size).toBe(wanted);
});

test('the skip link leads past the bar', async () => {
  const { page } = await open('failed/report.html');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await inside(page, 'document.activeElement.id')).toBe('main');
});

test('a folded step opens by the keyboard', async () => {
  const { page } = await open('failed/report.html');
  const summary = page.locator('#step-2 summary');
  await summary.focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('#step-2 .check').first().isVisible()).toBe(true);
});

test('on paper everything is unfolded, and the controls are gone', async () => {
  const { page } = await open('failed/report.html', { colorScheme: 'dark' });
  await page.locator('#theme').waitFor();
  await page.emulateMedia({ media: 'print' });
  await inside(page, 'dispatchEvent(new Event("beforeprint"))');
  expect(await page.locator('details:not([open])').count()).toBe(0);
  expect(await page.locator('.transcript .printed').isVisible()).toBe(true);
  for (const control of ['.bar', '.rail', '#player', '.play'])
    expect(await page.locator(control).first().isVisible()).toBe(false);
  expect(await inside(page, 'getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  await inside(page, 'dispatchEvent(new Event("afterprint"))');
  expect(await page.locator('details:not([open])').count()).toBeGreaterThan(0);
});

test('without scripts everything is there to read', async () => {
  const { page } = await open('failed/report.html', { javaScriptEnabled: false });
  expect(await page.locator('.failure .message').isVisible()).toBe(true);
  expect(await page.locator('[data-find]:visible').count()).toBe(11);
  expect(await page.locator('button:visible, [role=search]:visible').count()).toBe(0);
  await page.locator('.transcript summary').click();
  expect(await page.locator('.transcript .printed').textContent()).toContain('(Pdb) p len(items)');
});
