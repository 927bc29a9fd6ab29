// Stands in for native-watchdog, which ends an extension host whose server hangs. The scripts end
// the server's processes themselves.
'use strict';
exports.start = () => {};
exports.exit = (code) => process.exit(code ?? 0);
