# Sourced by the benchmarks: builds the project, and runs one of its benchmark programs.
. "$root/tools/find-jdk.sh"
find_jdk
for tool in iperf3 wireguard-go wg ping; do
    command -v "$tool" >/dev/null || { echo "bench: $tool is missing; ./verify installs what is needed" >&2; exit 1; }
done
(cd "$root" && mvn -q -B -ntp -DskipTests package)
touch "$root/controller/target/peermesh.built"

run_bench() {
    echo "$(nproc) processors, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r)"
    exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dpeermesh.launcher="$root/peermesh" \
        -cp "$root/controller/target/test-classes:$root/controller/target/peermesh.jar:$root/controller/target/lib/*" "$@"
}
