// A stream that a page has while it is shown. The header says how it is.

import { whileShown } from "./shown.js";
import { showState } from "./state.js";
import { Stream } from "./stream.js";

// `url` and `on` are those of a Stream.
export function follow(url, { open, refused, ...on }) {
    let stream;

    whileShown(() => {
        stream ??= new Stream(url, {
            ...on,
            open() {
                showState("live");
                open?.();
            },
            lost: () => showState("reconnecting"),
            refused() {
                showState("refused");
                refused?.();
            },
        });
    }, () => {
        stream?.close();
        stream = undefined;
    });
}
