export {
  batchLauncher,
  launcherDirectory,
  refreshLauncher,
  shellLauncher,
  type LauncherTarget,
} from '../core/store/launcher.ts';
