import { type Browser, chromium } from 'playwright-core';
import { debianProgram } from './programs.ts';

/** A real Chromium, which is installed where it is missing: start it in a hook. */
export async function startChromium(): Promise<Browser> {
  return await chromium.launch({
    executablePath: debianProgram(['chromium', 'chromium-browser', 'google-chrome'], 'chromium'),
    // Its sandbox refuses root, whom CI's containers run as.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
