// FlowSpec: a Flow as its YAML says it, checked and with Jina's rules applied (names, needs, what the Flow hands down), before any
// port is chosen or process started.
//
// Thread: plain value. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/option.hpp"
#include "jina/status.hpp"

namespace jina::flow {

/// One item of `executors:`; Jina's Deployment: the replicas of one Executor under one name.
struct DeploymentSpec {
  std::string name;
  config::Position position{};
  config::OptionBag options;          ///< of config::deployment_options()
  std::vector<std::string> needs{};   ///< sorted; "gateway" is the start of the Flow
  std::filesystem::path directory{};  ///< of its YAML

  bool flag(const char* option) const { return options.flag(option); }
  int replicas() const { return static_cast<int>(options.integer("replicas", 1)); }
  int shards() const { return static_cast<int>(options.integer("shards", 1)); }
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

  const DeploymentSpec* find(std::string_view deployment) const;
};

/// Reads a Flow. Errors name file, line and column; what is accepted but has no meaning is collected in `warnings`.
Result<FlowSpec> parse_flow(const config::ConfigDocument& document);
Result<FlowSpec> load_flow(const std::filesystem::path& path);

}  // namespace jina::flow
