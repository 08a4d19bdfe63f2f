// Journeys through the built program in a real Chromium. bin/test runs them; by hand:
//   cargo build --features ssr && cd end2end && npm ci && npx playwright test [name]
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: 'report/traces',
  // A spec has its own program and database; two cores carry two of them.
  workers: 2,
  // Generous: a journey is long, and a machine that builds beside it is slow. Nothing waits this long when all is well.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [['list'], ['html', { outputFolder: 'report/html', open: 'never' }]],
  use: {
    actionTimeout: 30_000,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // Recording costs a tenth of the time: only what failed is recorded, when it is run again.
    trace: 'on-first-retry',
    launchOptions: {
      executablePath: process.env.KEFU_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
