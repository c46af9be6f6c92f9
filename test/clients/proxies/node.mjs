// usage: node.mjs http-proxy|express|compression PORT UPSTREAM: the proxies
// that bundlers' dev servers are made of.

import compression from "compression";
import express from "express";
import httpProxy from "http-proxy";
import { createProxyMiddleware } from "http-proxy-middleware";

const [kind, port, upstream] = process.argv.slice(2);
const target = `http://127.0.0.1:${upstream}`;

if (kind === "http-proxy") {
    httpProxy.createProxyServer({ target })
        .on("error", (error, request, response) =>
            response.writeHead?.(502).end())
        .listen(port, "127.0.0.1");
} else {
    const app = express();
    if (kind === "compression") {
        app.use(compression());
    }
    app.use(createProxyMiddleware({ target, changeOrigin: true }));
    app.listen(port, "127.0.0.1");
}
