import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { ensurePackage } from '../../../scripts/package.mjs';
import { chromiumArguments, ensureChromium } from '../../../scripts/vscodeServer/chromium.mjs';
import { buildScriptedModel } from '../../../scripts/support/scriptedModel.mjs';
import {
  descendantsOf,
  trySignal,
  waitUntilGone,
  type Process,
} from '../../../scripts/support/processes.mjs';
import {
  folderUrl,
  installVsix,
  isExtensionHost,
  packFolder,
  quietSettings,
  startVsCodeServer,
  writeUserSettings,
  type VsCodeServer,
} from '../../../scripts/vscodeServer.mjs';
import { EditorWindow, windowDeadlineMs } from '../pages/editorWindow.ts';
import { endHomeProcesses, HOME_MARK } from '../../support/homeProcesses.ts';
import { tempDir } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';

export interface EditorOptions {
  /** User settings, on top of calm defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment that VS Code, and so Holdfast, sees. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder whose files the workspace starts with. */
  readonly files?: string;
  /** Adds a language model that says what the file `modelScript` holds; see test/support/scriptedModel. */
  readonly scriptedModel?: boolean;
  /** Leaves workspace trust on: the folder opens in Restricted Mode. */
  readonly restrictedMode?: boolean;
}

/** What node:test's context gives us. */
interface TestContextLike {
  readonly name: string;
  after(cleanUp: () => Promise<void>): void;
}

/**
 * A VS Code with the packaged Holdfast installed, on data of its own. Made by `launchEditor`, which
 * also sees to its end.
 */
export class Editor {
  /** The folder that windows open unless told otherwise. */
  readonly workspace: string;
  /** Holdfast's own home, which outlives every window. */
  readonly home: string;
  readonly serverDataDir: string;
  readonly #options: EditorOptions;
  readonly #windows: EditorWindow[] = [];
  #server: VsCodeServer | undefined;
  #browser: Browser | undefined;
  /** One context is one VS Code profile: windows opened in it share their storage. */
  #profile: BrowserContext | undefined;

  constructor(scratch: string, options: EditorOptions) {
    this.workspace = path.join(scratch, 'workspace');
    this.home = path.join(scratch, 'home');
    this.serverDataDir = path.join(scratch, 'server');
    this.#options = options;
  }

  get server(): VsCodeServer {
    if (!this.#server) throw new Error('The VS Code server is not running.');
    return this.#server;
  }

  async start(): Promise<void> {
    const vsix = await ensurePackage();
    await mkdir(this.workspace, { recursive: true });
    if (this.#options.files) await cp(this.#options.files, this.workspace, { recursive: true });
    await writeUserSettings(this.serverDataDir, { ...quietSettings, ...this.#options.settings });
    await installVsix(vsix, { serverDataDir: this.serverDataDir });
    if (this.#options.scriptedModel === true) await this.#installModel();
    await this.#startServer();
  }

  /** What the scripted model says: one list for each request, in order; the last stays. */
  get modelScript(): string {
    return path.join(path.dirname(this.workspace), 'model-script.json');
  }

  async #installModel(): Promise<void> {
    const scratch = path.dirname(this.workspace);
    const vsix = path.join(scratch, 'scripted-model.vsix');
    await packFolder(await buildScriptedModel(path.join(scratch, 'scripted-model')), vsix);
    await installVsix(vsix, { serverDataDir: this.serverDataDir });
  }

  async #startServer(port = 0): Promise<void> {
    this.#server = await startVsCodeServer({
      serverDataDir: this.serverDataDir,
      port,
      restrictedMode: this.#options.restrictedMode ?? false,
      env: {
        HOLDFAST_HOME: this.home,
        [HOME_MARK]: this.home,
        HOLDFAST_TEST_MODEL_SCRIPT: this.modelScript,
        ...this.#options.env,
      },
    });
  }

  /** Opens a window on a folder, or a `.code-workspace` file, and waits until its workbench can be used. */
  async openWindow(folder = this.workspace): Promise<EditorWindow> {
    this.#browser ??= await chromium.launch({
      executablePath: await ensureChromium(),
      args: chromiumArguments,
    });
    this.#profile ??= await this.#browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await this.#profile.newPage();
    const window = new EditorWindow(page);
    this.#windows.push(window);
    await window.open(folderUrl(this.server.url, folder));
    return window;
  }

  /** The window that something done in another one opens. */
  async windowOpenedBy(action: () => Promise<void>): Promise<EditorWindow> {
    if (this.#profile === undefined) throw new Error('There is no window yet.');
    const opened = this.#profile.waitForEvent('page', { timeout: windowDeadlineMs });
    await Promise.all([opened, action()]);
    const window = new EditorWindow(await opened);
    this.#windows.push(window);
    await window.waitUntilOpen();
    return window;
  }

  /** The extension hosts of all windows, oldest first. */
  async extensionHosts(): Promise<Process[]> {
    const processes = await descendantsOf(this.server.pid);
    return processes.filter(isExtensionHost).sort((a, b) => a.pid - b.pid);
  }

  /** Kills the extension hosts as a crash would: nothing in them runs any more. */
  async killExtensionHosts(): Promise<void> {
    const hosts = await waitFor(
      async () => {
        const found = await this.extensionHosts();
        return found.length > 0 && found;
      },
      { deadlineMs: 30_000, describe: 'an extension host to kill' },
    );
    for (const { pid } of hosts) trySignal(pid, 'SIGKILL');
    await waitUntilGone(hosts, 5000);
  }

  /** Kills the browser: its windows vanish without a word to the server, its storage with them. */
  async killBrowser(): Promise<void> {
    const browsers = (await descendantsOf(process.pid)).filter(
      ({ command }) => command.includes('--remote-debugging-pipe') && !command.includes('--type='),
    );
    for (const { pid } of browsers) trySignal(pid, 'SIGKILL');
    await waitUntilGone(browsers, 5000);
    this.#forgetBrowser();
  }

  /**
   * Ends VS Code and starts it again on the same data, address and profile. Windows are closed first,
   * unless it is to be a crash: then server and extension hosts are killed under the windows.
   */
  async restart({ crash = false } = {}): Promise<void> {
    const { port, pid } = this.server;
    if (crash) {
      const own = [...(await this.extensionHosts()), ...(await descendantsOf(pid))];
      trySignal(pid, 'SIGKILL');
      for (const host of await this.extensionHosts()) trySignal(host.pid, 'SIGKILL');
      await waitUntilGone(own, 8000);
    }
    await this.#closeWindows();
    await this.server.stop();
    await this.#startServer(port);
  }

  async #closeWindows(): Promise<void> {
    for (const window of this.#windows.splice(0)) await window.close();
  }

  #forgetBrowser(): void {
    this.#windows.length = 0;
    this.#profile = undefined;
    this.#browser = undefined;
  }

  /** Called once by `launchEditor`; leaves a picture of each open window. */
  async stop(name: string): Promise<void> {
    for (const [index, window] of this.#windows.entries()) {
      await window.screenshot(`ends/${name}-${String(index + 1)}`).catch(() => undefined);
    }
    await this.#closeWindows();
    await this.#browser?.close();
    this.#forgetBrowser();
    await this.#server?.stop();
  }
}

/** Starts a VS Code for one test; it ends with the test, whatever the test came to. */
export async function launchEditor(
  test: TestContextLike,
  options: EditorOptions = {},
): Promise<Editor> {
  // Clean-ups run in the order they were asked for, and the folder has to go last.
  let stop = (): Promise<void> => Promise.resolve();
  test.after(() => stop());
  const editor = new Editor(await tempDir(test, 'hf-e2e-'), options);
  stop = async () => {
    await editor.stop(test.name.replaceAll(/[^\w]+/g, '-'));
    // Tasks outlive the editor; that is what they are for.
    await endHomeProcesses(editor.home);
  };
  await editor.start();
  return editor;
}
