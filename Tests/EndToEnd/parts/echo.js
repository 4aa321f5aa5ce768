// A workspace that sends every body back while it comes: echo.js PORT CERTIFICATE KEY PROTOCOL   (HTTP/2 stands for either)
const { readFileSync } = require("fs");
const [port, certificate, key, protocol] = process.argv.slice(2);
const identity = { cert: readFileSync(certificate), key: readFileSync(key), allowHTTP1: true };

const create = protocol === "HTTP/2" ? require("http2").createSecureServer : require("https").createServer;
create(identity, (request, answer) => request.pipe(answer)).listen(Number(port), "127.0.0.1");
