# For the scripts that use curl: a proxy, which http_proxy names, cannot reach
# the server on this machine. So curl asks this machine itself, and other
# machines as the environment says. (A .curlrc is another matter: curl -q.)
# shellcheck shell=sh

case ${no_proxy:=${NO_PROXY:-}} in
'*') ;; # no proxy at all; curl knows this only if it stands alone
*) no_proxy="localhost,127.0.0.1,127.0.0.0/8,::1,[::1],$(uname -n),$no_proxy" ;;
esac
export no_proxy

# Prints the line of a curl configuration that tells the token of
# --publish-token, if there is one in CRIER_TOKEN. As an argument of curl, ps
# would show it.
authorization() {
    [ -z "${CRIER_TOKEN:-}" ] ||
        printf 'header = "Authorization: Bearer %s"\n' "$CRIER_TOKEN"
}
