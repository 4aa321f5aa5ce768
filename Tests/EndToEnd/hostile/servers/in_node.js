// Node's http, on the port given.
const http = require("http");

http.createServer((request, answer) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
        const body = Buffer.concat(pieces);
        answer.setHeader("X-Seen", `${request.headers["x-request-id"] ?? "-"} ${request.method} ${request.url}`);
        answer.setHeader("Content-Length", body.length);
        answer.end(body);
    });
}).listen(Number(process.argv[2]), "127.0.0.1");
