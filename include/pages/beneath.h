/*
 * beneath: opens a file below a directory, and never one outside it, whatever
 * "..", absolute paths or symbolic links say.
 */
#ifndef CRIER_BENEATH_H
#define CRIER_BENEATH_H

/*
 * Like openat(dir, path, flags | O_CLOEXEC), resolved by the kernel strictly
 * below dir (openat2(2) with RESOLVE_BENEATH); where the kernel or a sandbox
 * lacks that, by beneath_walk. If a symbolic link stops either, say because it
 * is absolute, then where it leads decides: /proc tells the path of that file,
 * and if it is below dir, beneath_walk opens it there. Returns a descriptor
 * that the caller closes, or -1 with errno, which is EXDEV if the path leads
 * outside.
 */
int beneath_open(int dir, const char *path, int flags);

/* The same for a directory by its name: mostly one call, which looks up both.
 * errno may also say why the directory itself could not be opened. */
int beneath_open_named(const char *dir, const char *path, int flags);

/* As beneath_open, by one openat for each component, following no symbolic link
 * at all (ELOOP) and no ".." (EXDEV). */
int beneath_walk(int dir, const char *path, int flags);

#endif
