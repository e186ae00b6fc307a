#include "protocol/grpc/service_info.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>

#include "base/ids.hpp"
#include "jina/version.hpp"
#include "wire/pb_writer.hpp"

namespace jina::grpc {
namespace {

constexpr std::array kVariables = {"JINA_DEFAULT_HOST",         "JINA_DEFAULT_TIMEOUT_CTRL",
                                   "JINA_DEPLOYMENT_NAME",      "JINA_DISABLE_UVLOOP",
                                   "JINA_EARLY_STOP",           "JINA_FULL_CLI",
                                   "JINA_GATEWAY_IMAGE",        "JINA_GRPC_RECV_BYTES",
                                   "JINA_GRPC_SEND_BYTES",      "JINA_HUB_NO_IMAGE_REBUILD",
                                   "JINA_LOG_CONFIG",           "JINA_LOG_LEVEL",
                                   "JINA_LOG_NO_COLOR",         "JINA_MP_START_METHOD",
                                   "JINA_OPTOUT_TELEMETRY",     "JINA_RANDOM_PORT_MAX",
                                   "JINA_RANDOM_PORT_MIN",      "JINA_LOCKS_ROOT",
                                   "JINA_K8S_ACCESS_MODES",     "JINA_K8S_STORAGE_CLASS_NAME",
                                   "JINA_K8S_STORAGE_CAPACITY", "JINA_STREAMER_ARGS"};

class Map {
 public:
  explicit Map(std::uint32_t field) : field_(field) {}
  void add(std::string_view key, std::string_view value) {
    std::string entry;
    wire::PbWriter(entry).bytes(1, key);
    wire::PbWriter(entry).bytes(2, value);
    wire::PbWriter(out).bytes(field_, entry);
  }
  std::string out;

 private:
  std::uint32_t field_;
};

// One for the life of the process, as in Jina.
const std::string& session_id() {
  static const std::string id = random_id();
  return id;
}

std::string uptime() {
  static const auto start = std::chrono::steady_clock::now();
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count()) + "s";
}

}  // namespace

Buffer encode_service_info() {
  utsname machine{};
  uname(&machine);
  Map jina(1);
  const std::string absent = "unavailable";
  jina.add("jina", "3.25.2");
  jina.add("docarray", "0.21.1");
  jina.add("jcloud", absent);
  jina.add("jina-hubble-sdk", absent);
  jina.add("jina-proto", "0.1.27");
  jina.add("protobuf", absent);
  jina.add("proto-backend", "cpp");
  jina.add("grpcio", absent);
  jina.add("pyyaml", absent);
  jina.add("python", absent);
  jina.add("platform", machine.sysname);
  jina.add("platform-release", machine.release);
  jina.add("platform-version", machine.version);
  jina.add("architecture", machine.machine);
  jina.add("processor", machine.machine);
  jina.add("uid", std::to_string(getuid()));
  jina.add("session-id", session_id());
  jina.add("uptime", uptime());
  jina.add("ci-vendor", "(unset)");
  jina.add("internal", "jina-cpp " JINA_VERSION);
  Map environment(2);
  for (const char* name : kVariables) {
    const char* value = std::getenv(name);
    environment.add(name, value == nullptr ? "(unset)" : value);
  }
  return Buffer::take(jina.out + environment.out);
}

}  // namespace jina::grpc
