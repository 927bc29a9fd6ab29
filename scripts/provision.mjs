// Fetches what the host and end-to-end tests need beyond node_modules, unless it is there.
import { ensureShells } from './support/apt.mjs';
import { runMain } from './support/main.mjs';
import { ensureChromium } from './vscodeServer/chromium.mjs';
import { ensureVsCodeServer } from './vscodeServer/provision.mjs';

await runMain(async () => {
  const [server, chromium] = await Promise.all([
    ensureVsCodeServer(),
    ensureShells().then(ensureChromium),
  ]);
  console.log(`VS Code server: ${server.root}\nChromium: ${chromium}`);
});
