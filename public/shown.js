// When a page is shown, and when "back" wakes it: then it connects. When it is
// left, it disconnects, since a browser does not freeze a page that has a
// connection.
//
// WebKit does not wait with "pageshow" for a module that awaits its words. So
// the page may have been shown before this is called.

export function whileShown(connect, disconnect) {
    let shown = false;
    const show = () => {
        if (!shown) {
            shown = true;
            connect();
        }
    };
    addEventListener("pageshow", show);
    addEventListener("pagehide", () => {
        shown = false;
        disconnect();
    });
    if (document.readyState === "complete") {
        show();
    }
}
