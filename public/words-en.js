// The words of the pages in English; words.js says how they are used. What is
// the same in every language, as the name of a call, is not here.

export default {
    "language.next": "한국어",

    "page.title": "{page} – crier",
    "page.nav": "Pages",
    "page.chat": "Chat",
    "page.compare": "Compare",
    "page.threads": "Threads",
    "page.inspect": "Inspect",
    "page.wall": "Projector",
    "page.wall.end": "Projector off",

    "state.connecting": "Connecting…",
    "state.live": "Live",
    "state.reconnecting": "Reconnecting…",
    "state.refused": "Refused. Trying again soon…",

    "unit.us": "{count} µs",
    "unit.ms": "{count} ms",
    "unit.seconds": "{count} s",
    "unit.minutes": "{count} min",
    "unit.bytes": "{count} B",
    "unit.kilobytes": "{count} kB",

    // post.js
    "post.token": "This server lets only those publish who know its token:",
    "post.silence":
        "Not sent: the server does not answer. Please try again.",
    "post.status": "Not sent: the server answers {status}.",

    // refusal.js
    "refusal.empty": "Please write something first.",
    "refusal.token": "This token is wrong, or missing. Please try again.",
    "refusal.classroom": `Only the server's own machine may do this, unless the
        server was started with --classroom.`,
    "refusal.name": `This server does not know the address of this page. Start
        it with --server-name.`,
    "refusal.sleeps": `There is nobody to wake. Choose a subscriber that sleeps,
        or open the chat in a window.`,
    "refusal.nobody": `There is nobody to wake, or all may wake at once anyway
        (--turns 0). Open the chat in a window.`,
    "refusal.held": "Another poke holds the mutex. Please try again.",
    "refusal.late": "This question is not asked now, or its answer is shown.",
    "refusal.long": "This message is too long.",
    "refusal.often": "Too many messages at once. Please try again soon.",
    "refusal.busy": "The server cannot do this now. Please try again soon.",

    // index.html
    "chat.messages": "Messages",
    "chat.nothing": "Nothing has been said yet.",
    "chat.new": "New messages ↓",
    "chat.message": "Message",
    "chat.say": "Say it to everyone",
    "chat.send": "Send",
    "chat.shared": { one: "shared by {count} tab", other: "shared by {count} tabs" },
    "chat.older": "Older messages are no longer kept.",
    "chat.missed": "Some messages were missed here.",

    // compare.html
    "compare.title": "Three ways to receive messages",
    "compare.what": `This page receives the same messages in three ways. Send
        some messages. Then see what each way costs, and how long a message
        takes to arrive.`,
    "compare.one": "Send one",
    "compare.many": "Three every second",
    "compare.reset": "Start again",
    "compare.polling": "Polling",
    "compare.longpolling": "Long polling",
    "compare.sse": "SSE",
    "compare.polling.how": `Every second the page asks for new messages. Most
        answers are empty. A new message waits for the next request.`,
    "compare.longpolling.how": `The page asks for new messages, and the server
        waits with its answer until there is one. Then the page asks again.`,
    "compare.sse.title": "Server-Sent Events (SSE)",
    "compare.sse.how": `The page asks once, and the answer never ends. Each
        message adds a few lines to the answer.`,
    "compare.heard": "Messages received:",
    "compare.delay": "Delay",
    "compare.requests": "Requests made",
    "compare.bytes": "Bytes on the wire",
    "compare.text": "compare: sent at {time}",
    "compare.ms": "{median} ms (max {slowest})",
    "compare.seconds": "{median} s (max {slowest})",
    "compare.counted": "How this is counted",
    "compare.counted.requests": `<b>Requests</b> are counted from the moment
        when this page was opened, or from <i>Start again</i>. The stream of
        Server-Sent Events is one request. If the connection breaks, the next
        stream is one more. A request that no server answers is not counted.`,
    "compare.counted.bytes": `<b>Bytes</b> are the bytes of HTTP in both
        directions. TCP and IP add more, which is not counted. For an answer,
        the page counts the header fields and the body that it received. A page
        cannot see the header fields of its own requests, or of the stream. So
        the page counts what browsers and this server usually send. For an
        event, it counts the three lines, and the chunk of HTTP/1.1 that holds
        them. Heartbeats are not counted: they are 8 bytes every 15 seconds. An
        answer that refuses the stream is not counted either.`,
    "compare.counted.delay": `<b>Delay</b> is the time from just before this
        page sends a message until the message comes back, by the clock of this
        page. Only messages of this page count: it knows them by their text. The
        bar is the median of the last hundred messages. The mark is the slowest
        of them.`,
    "compare.counted.chat": `The chat shows these messages, too. All three ways
        and the chat read the same store.`,

    // threads.html
    "threads.title": "Every thread, and what it blocks in",
    "threads.slow": "Slow motion",
    "threads.slow.off": "off",
    "threads.slow.50": "50 ms a turn",
    "threads.slow.200": "200 ms a turn",
    "threads.slow.1000": "1 s a turn",
    "threads.slow.step": "step by step",
    "threads.step": "Next turn",
    "threads.step.message": "Whole message",
    "threads.send": "Send a message",
    "threads.timeline": "What happened: the timeline",
    "threads.classroom": `Slow motion needs a server that was started with
        <code>--classroom</code>.`,
    "threads.step.how":
        "Each turn waits for <b>Next turn</b>, or the space bar.",
    "threads.step.by": `{by} made the last step. Without another one, slow
        motion ends in {left}.`,
    "threads.legend": "What the threads block in",
    "threads.picture": "The threads in their places",
    "threads.dots": `A dot is a message. It flies from its publisher into the
        history, and from the turns to the sockets.`,
    "threads.replay": `The server looks at its threads a few times a second. At
        full speed, all deliveries of a message are over before the next look.
        Then the dots are a replay of at most 80 deliveries.`,
    "threads.point": "Point at a tile, or use the arrow keys.",
    "threads.ended": "This thread has ended.",
    "threads.silence": "The server does not answer.",
    "threads.message": "message {count}",
    "threads.table": "The same as a table",
    "threads.table.name": "Table of the threads",
    "threads.table.thread": "Thread",
    "threads.table.role": "Role",
    "threads.table.blocks": "Blocks in",
    "threads.table.for": "For",
    "threads.table.place": "Place",
    "threads.table.channel": "Channel",
    "threads.table.sent": "Sent",
    "threads.table.client": "Client",
    "threads.table.request": "Request",
    "threads.table.more": "And {count} more.",
    "threads.runs": "runs",
    "threads.running": "running",
    "threads.other": "other calls",
    "threads.told": "{role} {tid} {means}",
    "threads.told.call": "{role} {tid} {means}: {call}",
    "threads.told.kernel": "(in the kernel {kernel})",
    "threads.told.age": "for {age}",
    "threads.told.place": "place: {place}",
    "threads.told.channel": "channel: {channel}",
    "threads.told.sent": "{count} sent",

    // The boxes of the picture. Where there is no room, only what stands before
    // the colon or the comma is shown.
    "threads.box.own": "Threads of the server",
    "threads.box.journal":
        "Threads of the server; journal: batch of {batch}, {waiting} wait",
    "threads.box.clients": "Other clients",
    "threads.box.store": "Store: one mutex guards all of this",
    "threads.box.idle": "idle: have every message",
    "threads.box.ready": "ready: wait for a turn",
    "threads.box.turns": "turns",
    "threads.box.writing": "writing, no lock held",
    "threads.box.history.none": "history: no message yet",
    "threads.box.history": "history: {count} published, newest {id}",
    "threads.box.unlimited": "no limit",
    "threads.box.free": "{count} free",

    // What a thread does in a call; a test compares src/threads/calls.def.
    "call.cond_wait": "waits to be woken",
    "call.recv": "waits for what its client sends",
    "call.send": "waits until its client reads",
    "call.mutex": "waits for the store's mutex",
    "call.accept": "waits for the next client",
    "call.none": "runs, or is ready to run",
    "call.other": "waits in the kernel",
    "call.epoll_wait": "waits for clients that hang up",
    "call.sigwait": "waits for Ctrl-C",
    "call.poll": "waits until something is due, or its client goes",
    "call.sleep": "sleeps",
    "call.write": "writes a line of the log",
    "call.sync": "waits for the disk: the messages must be safe",
    "call.pwrite": "writes messages to the journal",
    "call.pread": "reads older messages from the journal",

    // The pokes of threads.html
    "poke.title": "Poke it:",
    "poke.spurious": "Spurious wake-up",
    "poke.stall": "Stalled reader",
    "poke.vanish": "Vanished client",
    "poke.herd": "Herd",
    "poke.lock": "Hold the mutex",
    "poke.message": "a message for the poke",
    "poke.told.spurious": `{by} has signalled thread {tid} without news: it
        woke, looked, and sleeps again.`,
    "poke.told.stall": `{by} has made a client that does not read: its thread
        {tid} is blocked in sendmsg. The others go on. After 10 s the server
        gives it up.`,
    "poke.told.vanish": `{by} has pulled the cable of a client: its thread {tid}
        does not know. The next message or heartbeat finds it out: 10 s later
        the thread ends.`,
    "poke.told.herd": `{by} has turned the turns off for one message: it wakes
        all subscribers at once.`,
    "poke.told.lock": `{by} makes thread {tid} hold the store's mutex for a
        second: whoever wants the store waits in pthread_mutex_lock.`,

    // timeline.html
    "timeline.name": "Timeline",
    "timeline.title": "What happened: who slept, who woke whom",
    "timeline.show": "Show",
    "timeline.newest": "the newest message",
    "timeline.live": "the last 10 s",
    "timeline.free": "a part",
    "timeline.message": "message {id}",
    "timeline.pause": "Pause",
    "timeline.go": "Go on",
    "timeline.move": "Move and zoom",
    "timeline.back": "Back",
    "timeline.on": "On",
    "timeline.in": "Zoom in",
    "timeline.out": "Zoom out",
    "timeline.taller": "Higher rows",
    "timeline.flatter": "Lower rows",
    "timeline.picture": "Each thread's time, and who woke whom",
    "timeline.nothing": "Nothing has happened yet. Send a message.",
    "timeline.rows": {
        one: "{count} thread took part. Point at a row, or use the arrow keys.",
        other: `{count} threads took part. Point at a row, or use the arrow
            keys.`,
    },
    "timeline.row": "{role} {tid}",
    "timeline.told": "{role} {tid} {means}: {time}",
    "timeline.told.call": "{role} {tid} {means}: {call}, {time}",
    "timeline.way": {
        one: `Message {id}, published by thread {tid}: {count} thread had it
            after {first}, and has written it after {done}.`,
        other: `Message {id}, published by thread {tid}: {count} threads had it
            after {first} to {last}, and all have written it after {done}.`,
    },
    "timeline.way.none":
        "Message {id}, published by thread {tid}: no thread has it yet.",
    "timeline.lost": {
        one: "{count} step came too fast to be kept.",
        other: "{count} steps came too fast to be kept.",
    },
    "timeline.table": "The message's way as a table",
    "timeline.table.name": "Table of the message's way",
    "timeline.table.by": "Woken by",
    "timeline.table.turn": "Has a turn after",
    "timeline.table.awake": "Is awake after",
    "timeline.table.has": "Has the message after",
    "timeline.table.written": "Has written it after",
    "timeline.threads": "Now: all threads",
    "timeline.chrome": "Save for Chrome and Perfetto",
    "timeline.keys": `In the picture: <kbd>←</kbd> <kbd>→</kbd> move,
        <kbd>+</kbd> <kbd>−</kbd> or the wheel zoom, <kbd>↑</kbd>
        <kbd>↓</kbd> choose a thread, <kbd>PgUp</kbd> <kbd>PgDn</kbd> make the
        rows higher or lower, the space bar pauses, <kbd>Home</kbd> shows the
        newest message.`,

    // inspect.html
    "inspect.title": "A stream, event by event",
    "inspect.url": "URL on this server",
    "inspect.by": "Read by",
    "inspect.names": "Names of events, besides message",
    "inspect.names.hint": `An EventSource hears only the names that it listens
        for, and shows neither comments nor <code>retry:</code>. Read by fetch
        to see all.`,
    "inspect.method": "Method",
    "inspect.fields": "Fields, one a line",
    "inspect.body": "Body of a POST",
    "inspect.id.field":
        "The id of the latest event. It is sent as the field Last-Event-ID.",
    "inspect.id.parameter":
        "The id of the latest event. It is sent as the parameter lastEventId.",
    "inspect.connect": "Connect",
    "inspect.drop": "Drop",
    "inspect.again": "Reconnect with the id",
    "inspect.clear": "Clear",
    "inspect.copy": "Copy as curl",
    "inspect.copied": "Copied: {text}",
    "inspect.copy.this": "Copy this: {text}",
    "inspect.elsewhere": `Only streams of this server can be inspected: its
        pages load nothing from elsewhere.`,
    "inspect.no.url": "This is no URL.",
    "inspect.no.field": 'This is no field: "{line}". Write "Name: value".',
    "inspect.life": "The connection",
    "inspect.events": "Events",
    "inspect.nothing": "Nothing has come yet.",
    "inspect.connecting": "connecting",
    "inspect.connecting.by": "connecting: {method}",
    "inspect.open": "open",
    "inspect.refused": "refused, or the end: EventSource gives up",
    "inspect.lost": "the line broke, or the stream ended",
    "inspect.broke": "the line broke: {error}",
    "inspect.reconnecting": "reconnecting after retry",
    "inspect.ended": "the stream ended",
    "inspect.dropped": "dropped by you",
    "inspect.no.type": "no type",
    "inspect.no.stream": "not a stream",

    "faults.title": "Faults on purpose",
    "faults.what": `A fault strikes the next streams of <code>subscribe</code>
        or a channel, on any page, that have something to send. What they miss
        comes after they have come back. Only this machine may ask for faults,
        or everybody with <code>--classroom</code>.`,
    "faults.count": "The next",
    "faults.kind": "streams",
    "faults.drop": "are dropped",
    "faults.reset": "are reset",
    "faults.stall": "stall for 5 s",
    "faults.split": "get their messages byte by byte",
    "faults.refuse": "are refused: 503",
    "faults.ask": "Ask for it",
    "faults.calm": "No faults",
    "faults.left": "To come: {faults}.",
    "faults.none": "To come: no faults.",

    // labs.html
    "page.labs": "Labs",
    "labs.title": "Fourteen labs",
    "labs.what": `Each lab takes ten minutes. Before a step shows something, it
        asks: what do you expect? In class, vote on your phone.`,
    "labs.events": "Threads and events, side by side",
    "labs.about": "How to begin",
    "labs.view": "The threads of the server",
    "labs.thread": "{role} {tid} {means}",
    "labs.places": "idle {idle} · ready {ready} · turn {turn} · writing {writing}",
    "labs.threads": "All threads",
    "labs.all": "All labs",
    "labs.back": "Back",
    "labs.next": "Next",
    "labs.step": "Step {step} of {count}",
    "labs.terminal.server":
        "In the server's terminal (first end the old server by Ctrl-C):",
    "labs.terminal.yours": "In the second terminal:",
    "labs.copy": "Copy",
    "labs.copy.what": "Copy: {command}",
    "labs.copied": "Copied",
    "labs.selected": "Selected",
    "labs.answer": "This is my answer",
    "labs.vote": "Vote",
    "labs.well": "You were right.",
    "labs.not": "It is another one.",
    "labs.right": "right",
    "labs.own": "your answer",
    "labs.counted": {
        one: "Your vote is counted. So far {count} has voted.",
        other: "Your vote is counted. So far {count} have voted.",
    },
    "labs.voters": { one: "{count} has voted", other: "{count} have voted" },
    "labs.votes": { one: "{count} vote", other: "{count} votes" },
    "labs.ask": "Ask the class",
    "labs.ask.again": "Ask again",
    "labs.show.votes": "Show the votes",
    "labs.show.answer": "Show the answer",
    "labs.end": "End the vote",
    "labs.address": "Students open {address}",
    "labs.closed": `Only this machine reaches the server. For phones, start it
        with --host 0.0.0.0.`,
    "labs.wait": "When the teacher asks, the question comes here by itself.",
    "labs.called": "The class votes in lab {lab}.",
    "labs.go": "Go to the question",

    // events.html
    "sides.title": "Threads and events, side by side",
    "sides.type": "To measure on this machine, type in a terminal",
    "sides.none": "Nothing has been measured yet.",
    "sides.begun": "Measuring…",
    "sides.round": "Round {round} of {rounds} is measured.",
    "sides.done": {
        one: "{subscribers} subscribers, one round.",
        other: "{subscribers} subscribers, medians of {count} rounds.",
    },
    "sides.events": "Events: one thread writes to all",
    "sides.threads": "Threads: crier, one for each subscriber",
    "sides.events.picture": "One thread, and its connections",
    "sides.threads.picture": "A thread for each connection",
    "sides.look": {
        one: "{count} thread for {connections} connections; awake: {awake}",
        other: "{count} threads for {connections} connections; awake: {awake}",
    },
    "sides.figure": "20 messages a second",
    "sides.one": "Events",
    "sides.each": "Threads",
    "sides.cpu": "Processor, µs a delivery",
    "sides.floor": "The floor of that: the writes, and passing a turn",
    "sides.switches": "Switches of threads, a delivery",
    "sides.p50": "Delivery, half, ms",
    "sides.p99": "Delivery, 99 of 100, ms",
    "sides.publish": "Reply to the publisher, 99 of 100, ms",
    "sides.burst.cpu": "200 at once: processor, µs a delivery",
    "sides.burst.rate": "200 at once: deliveries a second",
    "sides.memory": "Memory of the server, KiB a subscriber",
    "sides.better.one": "When one thread is better",
    "sides.better.one.why": `Many connections wait for the same, and each
        needs only a short write. No delivery switches to another thread. A
        connection needs no stack.`,
    "sides.better.each": "When threads are better",
    "sides.better.each.why": `The work for a connection can block: on a slow
        client, a disk, a library. Only its own thread waits. All cores work.
        The publisher has its reply before the deliveries. The code of a
        connection reads from top to bottom.`,
    "sides.honest": "What this does not show",
    "sides.honest.why": `Threads do not win the burst, batches do: a thread that
        waits for its turn finds several messages, and writes them at once. One
        thread could do that, too. And the one thread here has no history, no
        ids, and drops what a slow client does not read.`,
};
