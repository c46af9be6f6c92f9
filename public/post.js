// Posts to the server, for all pages, and shows what went wrong.

const TIMEOUT_MS = 15000;
const TOKEN = "crier-token"; // its name in the tab's own storage

let token = read();

// A browser that blocks cookies has no storage either: then the page keeps it.
function read() {
    try {
        return sessionStorage.getItem(TOKEN);
    } catch {
        return null;
    }
}

// Asks for the token once; the tab keeps it. Returns false if there is none.
function askForToken() {
    token = prompt("This server lets only those publish who know its token:");
    try {
        sessionStorage.setItem(TOKEN, token ?? "");
    } catch {
        // see read
    }
    return Boolean(token);
}

// Resolves to true if the server accepted the request. Else `alert`, an element
// of the page, shows the error.
export async function post(alert, path, body) {
    alert.textContent = await attempt(path, body);
    return alert.textContent === "";
}

export function postMessage(alert, text) {
    return post(alert, "update", JSON.stringify({ text }));
}

function send(path, body) {
    const headers = { "Content-Type": "application/json" };
    if (token) {
        headers.Authorization = `Bearer ${token}`;
    }
    return fetch(path, {
        method: "POST", headers, body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
    });
}

// Returns the error in words for the reader, or "".
async function attempt(path, body) {
    try {
        let response = await send(path, body);
        if (response.status === 401 && askForToken()) {
            response = await send(path, body);
        }
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
