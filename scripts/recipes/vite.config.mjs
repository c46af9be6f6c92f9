// Vite: the page's development server passes crier's streams on. This file goes
// beside the page's package.json, or its server.proxy into the one that is
// there. crier listens on port 3000.

const crier = {
    target: "http://127.0.0.1:3000",
    changeOrigin: true,

    // By itself, Vite's proxy does not pass on that a stream broke, and the
    // page would wait for ever.
    configure(proxy) {
        proxy.on("proxyRes", (from, request, to) =>
            from.on("close", () => from.complete || to.destroy()));
    },
};

export default {
    server: {
        proxy: {
            "/subscribe": crier,
            "/update": crier,
            "/channels/": crier,
        },
    },
};
