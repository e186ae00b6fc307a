// Workload: one kind of process of a Flow that is to run elsewhere (the gateway, a shard with its replicas, a head, an Executor
// around shards): its image, its arguments, what it listens on. Kubernetes and Docker Compose write the same Workloads down in
// their own words.
//
// Thread: reads files, for the command line. Lifetime: refers to the FlowSpec. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flow/flow_spec.hpp"
#include "jina/status.hpp"

namespace jina::exporter {

enum class Role : std::uint8_t { kGateway, kWorker, kHead, kBefore, kAfter };

/// Where the image of a process comes from.
enum class ImageKind : std::uint8_t {
  kBase,    ///< this program and nothing else
  kFlow,    ///< this program with the files of the Flow
  kPython,  ///< Jina in Python with the files of the Flow
  kGiven,   ///< docker:// of the Flow
};

struct Image {
  ImageKind kind = ImageKind::kBase;
  std::string name{};
  /// This program runs in it, so that its own arguments and routes are known.
  bool ours() const noexcept { return kind == ImageKind::kBase || kind == ImageKind::kFlow; }
};

struct Workload {
  Role role = Role::kWorker;
  const flow::DeploymentSpec* spec = nullptr;  ///< null for the gateway
  std::string name{};                          ///< of the deployment: "enc_a", "gateway"
  std::optional<int> shard{};                  ///< of several
  int replicas = 1;
  Image image{};
  std::vector<std::string> arguments{};
  std::vector<std::uint16_t> ports{};
  std::vector<std::string> protocols{};  ///< one per port: GRPC, HTTP, WEBSOCKET
  bool tls = false;
  bool own_class = false;  ///< a gateway of the user's
  bool metrics = false;    ///< serves Prometheus metrics on kMetricsPort
  boost::json::object environment{};
  const config::OptionBag* options = nullptr;  ///< as the Flow says them
};

inline constexpr std::uint16_t kMetricsPort = 9090;
/// Milliseconds between SIGTERM and the end of a gateway's readiness for new requests.
inline constexpr int kDrainDelay = 5'000;

/// What the place where the Flow will run calls its processes.
struct Naming {
  std::uint16_t port = 8080;       ///< of Executors and heads
  std::uint16_t gateway_port = 0;  ///< the first of one per protocol; 0: as the Flow says, or from 8080 on
  /// Addresses of a deployment's shard (of all of it, when it has one): one, or one per replica.
  std::function<std::vector<std::string>(const flow::DeploymentSpec&, std::optional<int> shard)> workers;
  std::function<std::string(const flow::DeploymentSpec&)> head;
  std::function<std::string(const flow::DeploymentSpec&, Role)> around;  ///< kBefore, kAfter
  std::function<std::uint16_t(Role)> port_around;                        ///< that they listen on
  std::string host_of_machine{};              ///< for external Executors on this machine; "" when there is none
  std::vector<std::string> more_arguments{};  ///< for every process
};

struct ExportOptions {
  std::string base_image{};     ///< "" : $JINA_GATEWAY_IMAGE or jina:VERSION
  std::string flow_image{};     ///< "" : NAME:latest
  std::string k8s_namespace{};  ///< "" : the Flow's name
  std::string network{};        ///< "" : jina-network
};

/// What else comes out of writing a Flow down.
struct Remarks {
  std::vector<std::string> warnings{};
  /// What the images with the Flow's files are made of: its folder, or the one above it that has all of them.
  std::filesystem::path context{};
};

/// The names of images that an export uses.
struct ImageNames {
  std::string base, flow, python;
};
ImageNames image_names(const flow::FlowSpec& flow, const ExportOptions& options);

/// Executors in the order of the Flow (heads after their shards), the gateway last. Errors name the item.
Result<std::vector<Workload>> make_workloads(const flow::FlowSpec& flow, const ImageNames& images, const Naming& naming,
                                             Remarks& remarks);

/// "enc_a", "idx/head", "idx/uses-before"; of a shard of several "idx-1".
std::string workload_name(const Workload& workload);
/// The same in lower case, dashes instead of what DNS does not know: "enc-a", "idx-head".
std::string dns_name(std::string_view name);
/// "shop", or the name of the Flow's folder.
std::string flow_name(const flow::FlowSpec& flow);
/// Milliseconds that it may take to become ready; nothing: for ever.
std::optional<std::int64_t> ready_limit(const Workload& workload);

}  // namespace jina::exporter
