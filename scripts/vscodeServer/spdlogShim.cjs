// Stands in for the native module @vscode/spdlog in the VS Code server that the tests run, so that
// nothing has to be compiled. Without it the server runs, but every output channel stays empty.
// Lines are appended at once: tests read the files while they grow.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'off'];

class Logger {
  #file;
  #level = 2;
  #hasPrefix = true;

  constructor(file) {
    this.#file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  /** Output channels ask for the bare message: their text must be exactly what was appended. */
  clearFormatters() {
    this.#hasPrefix = false;
  }

  setPattern() {}
  flush() {}
  drop() {}

  write(level, message) {
    if (level < this.#level) return;
    const prefix = `${new Date().toISOString().replace('T', ' ').slice(0, 23)} [${levels[level]}] `;
    try {
      fs.appendFileSync(this.#file, this.#hasPrefix ? `${prefix}${message}\n` : message);
    } catch {
      // A server on its way out has no log folder any more.
    }
  }
}

levels.slice(0, -1).forEach((name, level) => {
  Logger.prototype[name] = function (message) {
    this.write(level, message);
  };
});

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
exports.createRotatingLogger = async (_name, file) => new Logger(file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
