# Makes of Criterion's TAP report what test/run wants: a line for each test,
# "passed|failed|skipped", its name and why, with tabs in between. What follows
# the first line of a message has no first field and no name.
#
#     awk -v filter=FILTER -f test/results.awk OUT TAP
#
# What the FILTER leaves out is in TAP as skipped, and is no result.
# OUT is what the tests have printed. The black-box tests' fail() leaves its
# message there: outside of the main thread Criterion learns of none.
FNR == NR {
    if (match($0, /FAILED [^ ]*: /))
        said[substr($0, RSTART + 7, RLENGTH - 9)] = \
            substr($0, RSTART + RLENGTH)
    next
}

/^ok - / || /^not ok - / { finish() }

/^ok - .* # SKIP/ {
    name = path($3)
    sub(/^.* # SKIP */, "")
    if (filter == "*" || $0 != "test was skipped")
        print "skipped\t" name "\t" $0
    next
}
/^ok - / { print "passed\t" path($3) "\t" }

/^not ok - / {
    failed = path($4)
    sub(/^not ok - [^ ]* */, "")
    sub(/ *\([0-9.]*s\)$/, "")
    message = $0
}
/^  - .*: \|\+$/ {
    place = $2
    sub(/:$/, "", place)
}
/^      / {
    sub(/^ */, "")
    sub(/^Assertion failed: */, place ": ")
    if ($0 != "")
        message = message (message == "" ? "" : "\n\t\t") $0
}

END { finish() }

function finish() {
    if (failed == "")
        return
    if (message == "")
        message = failed in said ? said[failed] : "ended without a message"
    print "failed\t" failed "\t" message
    failed = ""
}

# As --filter wants it.
function path(name) {
    sub(/::/, "/", name)
    return name
}
