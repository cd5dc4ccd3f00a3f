// A client that says what its library tells a program about each end of a session, and what its close call does. The arguments are the
// library (`ws` or `undici`), the address of tests/programs.rs and the cases; printed are the version, and a line for each case: what was told.
'use strict';

const [library, address, ...cases] = process.argv.slice(2);
const { WebSocket } = require(library);

// Closes as the case says, and tells when the library will not.
function close(socket, how) {
  try {
    if (how === 'close') socket.close();
    else if (how === 'close-1000') socket.close(1000, 'done');
    else if (how === 'close-1005') socket.close(1005);
    return undefined;
  } catch {
    socket.close();
    return 'refused';
  }
}

function run(name) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${address}/${name}`);
    let refused;
    socket.addEventListener('open', () => {
      socket.send('ready');
      refused = close(socket, name);
    });
    // Told on its own, and followed by the close event.
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', (event) => resolve(refused ?? `${event.code}${event.wasClean ? ' clean' : ''}`));
  });
}

(async () => {
  console.log(`version: ${require(`${library}/package.json`).version}`);
  for (const name of cases) console.log(`${name}: ${await run(name)}`);
  process.exit(0);
})();
