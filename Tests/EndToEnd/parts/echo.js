// A workspace that sends every body back while it comes, and says in `spoken` which version of HTTP it was asked in:
// echo.js PORT CERTIFICATE KEY PROTOCOL   (HTTP/2 stands for either)
const { readFileSync } = require("fs");
const [port, certificate, key, protocol] = process.argv.slice(2);
const identity = { cert: readFileSync(certificate), key: readFileSync(key), allowHTTP1: true };

const create = protocol === "HTTP/2" ? require("http2").createSecureServer : require("https").createServer;
create(identity, (request, answer) => {
    answer.setHeader("spoken", request.httpVersion);
    request.pipe(answer);
}).listen(Number(port), "127.0.0.1");
