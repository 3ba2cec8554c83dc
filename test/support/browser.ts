import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher, type Page } from 'playwright-core';

/** A real Chromium: the one that CHROMIUM_PATH names, or the one that comes from npm. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return launcher.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    // The package's own arguments share one process among all pages and switch the web's security off.
    args: ['--no-sandbox', ...args],
    headless: true,
  });
}

/** Collects what a page of the site must never do: ask outside, run what a server sent, complain, open a dialog. */
export function watchFaults(page: Page, base: string): string[] {
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) faults.push(`request to ${request.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return faults;
}
