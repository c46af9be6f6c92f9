// A stream of events that comes back, for all pages. If the connection breaks,
// the browser's EventSource reconnects by itself. But if the answer is no
// stream, a 503 for example, the EventSource is closed for good. Then this
// makes a new one after a pause.

const RETRY_MS = 5000;

export class Stream {
    #url;
    #on;
    #source;
    #timer;

    // url() returns the address for a new EventSource. `on` has functions:
    // asked(again) for each request, where `again` says that the browser
    // repeated it by itself; open(); lost() if the browser will reconnect;
    // refused(); and one for each type of event, message(event) for example.
    constructor(url, on) {
        this.#url = url;
        this.#on = { asked() {}, open() {}, lost() {}, refused() {}, ...on };
        this.#connect();
    }

    close() {
        clearTimeout(this.#timer);
        this.#source.close();
    }

    // Makes a new connection now.
    reopen() {
        this.close();
        this.#connect();
    }

    #connect() {
        const { asked, open, lost, refused, ...events } = this.#on;
        const source = new EventSource(this.#url());
        let again = false; // the browser reconnects, and no event tells when
        asked(false);
        source.addEventListener("open", () => {
            if (again) {
                asked(true);
            }
            again = false;
            open();
        });
        source.addEventListener("error", () => {
            if (source.readyState !== EventSource.CLOSED) {
                again = true;
                lost();
                return;
            }
            if (again) {
                asked(true);
            }
            this.#timer = setTimeout(() => this.#connect(), RETRY_MS);
            refused();
        });
        for (const [type, listener] of Object.entries(events)) {
            source.addEventListener(type, listener);
        }
        this.#source = source;
    }
}
