// A server of the `ws` library with one behaviour behind each path; tests/peers.rs says what each must look like on the wire.
// Prints its port once it listens, and ends when its standard input ends.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { WebSocketServer } = require('ws');

const MEGABYTE = 1024 * 1024;

const behaviours = {
  '/echo': (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  '/echo-until-done': (socket) => socket.on('message', (data, isBinary) => {
    socket.send(data, { binary: isBinary });
    if (data.equals(Buffer.from('done'))) socket.close(1000);
  }),
  '/echo-once': (socket) => once(socket, (data, isBinary) => socket.send(data, { binary: isBinary })),
  '/text': (socket) => { socket.send('grüße'); socket.close(1000); },
  '/binary': (socket) => { socket.send(Buffer.from([0, 1, 2, 254, 255])); socket.close(1000); },
  '/megabyte': (socket) => { socket.send(Buffer.alloc(MEGABYTE, 0x61)); socket.close(1000); },
  '/fragments': (socket) => {
    socket.send('one ', { fin: false });
    socket.send('two ', { fin: false });
    socket.send('three', { fin: true });
    socket.close(1000);
  },
  '/ping': (socket) => {
    socket.on('pong', (data) => socket.close(1000, `pong ${data}`));
    socket.ping('are you there');
  },
  '/close/1000': (socket) => socket.close(1000, 'done'),
  '/close/empty': (socket) => socket.close(),
  '/close/4001': (socket) => socket.close(4001, 'an own reason'),
  '/drop': (socket) => socket.terminate(),
  // Sends, and expects to be sent the same back.
  '/mirror': (socket) => {
    once(socket, (data) => data.toString() === 'mirror', 4002);
    socket.send('mirror');
  },
};

// Carries out an action for the first message and closes: with 1000, or with another code when the action says no.
function once(socket, action, otherwise) {
  socket.once('message', (data, isBinary) => socket.close(action(data, isBinary) === false ? otherwise : 1000));
}

const [certificate, key] = process.argv.slice(2);
const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) })
  : http.createServer();
const sockets = new WebSocketServer({
  server,
  maxPayload: 4 * MEGABYTE,
  // Small messages too.
  perMessageDeflate: process.env.COMPRESSION === '1' && { threshold: 0 },
  handleProtocols: (offered) => (offered.has('chat') ? 'chat' : false),
});
sockets.on('connection', (socket, request) => {
  socket.on('error', () => {});
  const behaviour = behaviours[request.url];
  if (behaviour) behaviour(socket);
  else socket.close(4404, 'no such path');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
