// Fetches what the host and end-to-end tests need beyond node_modules, unless it is there.
import { ensureClaude } from './claudeCode/provision.mjs';
import { ensureShells } from './support/apt.mjs';
import { ensureMcpConformance } from './mcpConformance/provision.mjs';
import { runMain } from './support/main.mjs';
import { ensureChromium } from './vscodeServer/chromium.mjs';
import { ensureVsCodeServer } from './vscodeServer/provision.mjs';

await runMain(async () => {
  const [server, chromium] = await Promise.all([
    ensureVsCodeServer(),
    ensureShells().then(ensureChromium),
    ensureMcpConformance(),
    ensureClaude(),
  ]);
  console.log(`VS Code server: ${server.root}\nChromium: ${chromium}`);
});
