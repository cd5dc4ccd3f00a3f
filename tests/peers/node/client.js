// A client of the `ws` library: sends each line of its standard input as a message over a connection that offers compression, unless
// COMPRESSION is 0, and prints each answer on a line; then it closes with 1000.
'use strict';

const { WebSocket } = require('ws');

const messages = require('node:fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);
const compression = process.env.COMPRESSION !== '0';
const socket = new WebSocket(process.argv[2], { perMessageDeflate: compression && { threshold: 0 } });
let answers = 0;
socket.on('open', () => messages.forEach((message) => socket.send(message)));
socket.on('message', (data) => {
  console.log(data.toString());
  answers += 1;
  if (answers === messages.length) socket.close(1000);
});
socket.on('close', (code) => process.exit(code === 1000 && (socket.extensions === 'permessage-deflate') === compression ? 0 : 1));
