// Posts to the server, for all pages, and shows what went wrong.

const TIMEOUT_MS = 15000;

// Resolves to true if the server accepted the request. Else `alert`, an element
// of the page, shows the error.
export async function post(alert, path, body) {
    alert.textContent = await attempt(path, body);
    return alert.textContent === "";
}

export function postMessage(alert, text) {
    return post(alert, "update", JSON.stringify({ text }));
}

// Returns the error in words for the reader, or "".
async function attempt(path, body) {
    try {
        const response = await fetch(path, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body,
            signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        return response.ok ? "" : await readError(response);
    } catch {
        return "Not sent: the server does not answer. Please try again.";
    }
}

// The server's errors are JSON or plain text. A proxy's may be anything.
async function readError(response) {
    const type = response.headers.get("Content-Type") ?? "";
    let error;
    if (type.startsWith("application/json")) {
        ({ error } = await response.json());
    } else if (type.startsWith("text/plain")) {
        error = await response.text();
    }
    return error || `Not sent: the server answers ${response.status}.`;
}
