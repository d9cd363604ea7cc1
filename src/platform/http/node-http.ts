/**
 * Node's web server and its client. An import of the module itself reads all that it has, and with that loads the client of `fetch` and HTTP/2: an eighth
 * of a second of a process that starts, and memory for as long as it runs.
 */
export const { createServer, request } = process.getBuiltinModule('node:http')
