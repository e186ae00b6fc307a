// FlowSpec: a Flow as its YAML says it, checked and with Jina's rules applied (names, needs, what the Flow hands down), before any
// port is chosen or process started.
//
// Thread: plain value. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/load.hpp"
#include "config/option.hpp"
#include "jina/status.hpp"

namespace jina::flow {

/// Where each argument was set, by its name.
using Places = std::map<std::string, config::Position, std::less<>>;

/// One item of `executors:`; Jina's Deployment: the replicas of one Executor under one name.
struct DeploymentSpec {
  std::string name;
  config::Position position{};
  config::OptionBag options;          ///< of config::deployment_options()
  std::vector<std::string> needs{};   ///< sorted; "gateway" is the start of the Flow
  std::filesystem::path directory{};  ///< of its YAML
  std::string source{};               ///< the YAML itself: the Flow's, or its own
  Places places{};                    ///< in `source`, of what the item itself says
  bool implied = false;               ///< made by the Flow, for `method: inspect`

  bool flag(const char* option) const { return options.flag(option); }
  int replicas() const { return static_cast<int>(options.integer("replicas", 1)); }
  int shards() const { return static_cast<int>(options.integer("shards", 1)); }
  /// Runs inside the gateway's process.
  bool colocate() const { return options.flag("colocate"); }
  /// Where `option` was set, or the item begins.
  config::Position at(std::string_view option) const;
};

struct FlowSpec {
  std::string source;
  std::string name{};
  std::filesystem::path directory{};
  config::OptionBag gateway;            ///< of config::gateway_options()
  config::Position gateway_position{};  ///< where its section names files, or begins
  std::vector<DeploymentSpec> deployments{};
  std::string last = "gateway";       ///< whose answer is the Flow's
  boost::json::object environment{};  ///< of every process
  std::vector<std::string> warnings{};
  Places gateway_places{};  ///< of what `gateway:` or `with:` says of the gateway

  const DeploymentSpec* find(std::string_view deployment) const;
  config::Position gateway_at(std::string_view option) const;
};

struct FlowReadOptions {
  std::string inspect{};  ///< COLLECT, HANG or REMOVE: wins over the YAML
};

/// Reads a Flow. All that is wrong with it goes to `diagnostics`, each with file, line and column; then the Flow is as good as it
/// could be read. It looks at no other file but those of items that are files themselves.
FlowSpec read_flow(const config::ConfigDocument& document, config::Diagnostics& diagnostics, const FlowReadOptions& options = {});
/// The same from a file, with its variables replaced; nothing when it can not be read at all.
std::optional<FlowSpec> read_flow_file(const std::filesystem::path& path, config::Diagnostics& diagnostics,
                                       const FlowReadOptions& options = {});

/// For those who want a Flow or an error that lists all that is wrong; what is accepted but has no meaning is in `warnings`.
Result<FlowSpec> parse_flow(const config::ConfigDocument& document);
Result<FlowSpec> load_flow(const std::filesystem::path& path);

}  // namespace jina::flow
