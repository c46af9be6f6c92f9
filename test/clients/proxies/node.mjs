// usage: node.mjs http-proxy|vite|express|compression PORT UPSTREAM: the
// proxies that bundlers' dev servers are made of. `vite` is http-proxy as the
// recipe for Vite makes it.

import compression from "compression";
import express from "express";
import httpProxy from "http-proxy";
import { createProxyMiddleware } from "http-proxy-middleware";
import recipe from "../../../scripts/recipes/vite.config.mjs";

const [kind, port, upstream] = process.argv.slice(2);
const target = `http://127.0.0.1:${upstream}`;

if (kind === "http-proxy" || kind === "vite") {
    const more = recipe.server.proxy["/channels/"];
    const options = kind === "vite" ? { ...more, target } : { target };
    const proxy = httpProxy.createProxyServer(options);
    options.configure?.(proxy);
    proxy
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
