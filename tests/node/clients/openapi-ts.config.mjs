// What @hey-api/openapi-ts is told beside the document: import paths that Node.js finds as they stand.
export default {
  output: { path: 'generated/hey-api', module: { extension: '.js' } },
  plugins: ['@hey-api/client-fetch'],
};
