// Prints what a linter has against a Dockerfile, a line each. node dockerfile.js FILE
const { validate } = require('dockerfile-utils');
const text = require('fs').readFileSync(process.argv[2], 'utf8');
for (const finding of validate(text)) console.log(`${finding.range.start.line + 1}: ${finding.message}`);
