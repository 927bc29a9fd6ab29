/** @returns {boolean} whether a desktop program could show a window here */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  const { DISPLAY: x11, WAYLAND_DISPLAY: wayland } = process.env;
  return Boolean(x11 || wayland);
}
