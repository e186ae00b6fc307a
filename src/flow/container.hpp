// Executors in images (`uses: docker://image`): the engine that runs them and its arguments, as Jina gives them to Docker.
//
// Thread: reads PATH, for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "flow/flow_spec.hpp"
#include "flow/process.hpp"
#include "jina/status.hpp"

namespace jina::flow {

/// Path of docker or podman, for the image of a `uses`; the error says what to install.
Result<std::string> find_container_engine(const std::string& uses);

struct ContainerRun {
  std::string engine;
  std::string container;                                           ///< its name, unless docker_kwargs says another
  std::uint16_t port = 0;                                          ///< to publish where it has a network of its own
  std::uint16_t metrics_port = 0;                                  ///< the same; 0: it is not monitored
  std::vector<std::string> arguments{};                            ///< of the Executor in it
  std::vector<std::pair<std::string, std::string>> environment{};  ///< of the Executor in it
};

/// The engine's process: it ends with the container, and hands SIGTERM on to it; where it is killed, the container is removed.
Result<ProcessOptions> container_process(const DeploymentSpec& spec, ContainerRun run);

}  // namespace jina::flow
