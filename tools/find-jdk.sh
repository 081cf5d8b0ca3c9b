# Sourced by the launchers: sets JAVA_HOME to a JDK 25 or newer, or says what is missing and fails.
# Order: JAVA_HOME, the java on PATH, then the usual JVM folders, newest first.

jdk_version() { # prints the major version of the JDK in folder $1; nothing when it is none
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
    local candidate version path_java seen=""
    path_java=$(command -v java 2>/dev/null) && path_java=$(readlink -f "$path_java") && path_java=${path_java%/bin/java}
    for candidate in "${JAVA_HOME:-}" "${path_java:-}" \
        $(ls -d /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-/root}"/.sdkman/candidates/java/* /usr/java/* 2>/dev/null | sort -rV); do
        [ -n "$candidate" ] || continue
        version=$(jdk_version "$candidate")
        if [ -n "$version" ] && [ "$version" -ge 25 ]; then
            export JAVA_HOME=$candidate
            return 0
        fi
        [ -n "$version" ] && seen="$seen $candidate ($version)"
    done
    echo "peermesh: needs a JDK 25 or newer; found:${seen:- none}" >&2
    echo "peermesh: install one (for example the package temurin-25-jdk or openjdk-25-jdk) or set JAVA_HOME to it" >&2
    return 1
}
