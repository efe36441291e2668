'use strict';

// An S3 server for tests: node s3.js FOLDER [PORT]. It says its address in its first line, and ends with its standard input, so that it
// never outlives the tests, however those end.
const S3rver = require('s3rver');

const [directory, port] = process.argv.slice(2);
new S3rver({ directory, address: '127.0.0.1', port: Number(port || 0), silent: true, allowMismatchedSignatures: false })
  .run()
  .then(address => console.log(`http://127.0.0.1:${address.port}`));
process.stdin.on('end', () => process.exit(0)).resume();
