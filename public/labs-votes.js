// The vote of the class: what the server tells of it, and this browser's vote.
// src/pages/README.md describes the requests.

import { post } from "./post.js";
import { follow } from "./follow.js";
import { words } from "./words.js";

const VOTER = "crier-voter"; // its name in the browser's storage

// `?vote` shows what a student sees, also on the teacher's machine.
const asStudent = new URLSearchParams(location.search).has("vote");

const alert = document.getElementById("problem");

// A number at random, which stands for this browser, and says nothing of it.
function makeVoter() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
        .join("");
}

// A browser that blocks cookies has no storage: then the page keeps it.
function findVoter() {
    const made = makeVoter();
    try {
        const kept = localStorage.getItem(VOTER);
        localStorage.setItem(VOTER, kept ?? made);
        return kept ?? made;
    } catch {
        return made;
    }
}

const voter = findVoter();

export class Votes {
    state = { classroom: false, teacher: false };

    // onChange() is called when the state is another one.
    constructor(onChange) {
        follow(() => "votes", {
            message: ({ data }) => {
                this.state = JSON.parse(data);
                onChange();
            },
        });
    }

    // Does this page ask the class?
    get teaches() {
        return this.state.classroom && this.state.teacher && !asStudent;
    }

    // Does this page vote?
    get attends() {
        return this.state.classroom && !this.teaches;
    }

    // Is this question asked now?
    asks(question) {
        return this.state.classroom && this.state.question === question;
    }

    vote(question, choice) {
        return post(alert, "votes", JSON.stringify({ question, choice, voter }));
    }

    // `what` is a query of POST /votes.
    teach(what) {
        return post(alert, `votes?${what}`);
    }

    // The address that students type.
    get address() {
        const { host } = this.state;
        const here = new URL("labs.html", location.href);
        if (host) {
            here.hostname = host;
        }
        const open = !/^(localhost|127\.|\[::1\])/.test(here.hostname);
        return open ? here.href : null;
    }

    // What tells the teacher where students come in.
    get hint() {
        const { address } = this;
        return address ? words("labs.address", { address })
            : words("labs.closed");
    }
}
