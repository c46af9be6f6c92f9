// The version of what the tabs share. A browser may keep a worker, or a tab,
// from before an upgrade of the server. So the worker's address and the names
// of the channel and the locks contain it: only equals meet. It is the beginning
// of the SHA-256 of the files in which they are programmed. A test,
// worker.test.mjs, says the new one when such a file has changed.

export const VERSION = "1c56320d";
