// LaunchPlan: which processes a Flow consists of, with which arguments, on which ports, and how to ask each whether it is ready.
//
// Thread: plain value. Lifetime: holds the ports until it is destroyed. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/target.hpp"
#include "flow/flow_spec.hpp"
#include "flow/port_reservation.hpp"
#include "flow/process.hpp"
#include "flow/restart.hpp"
#include "flow/topology_args.hpp"

namespace jina::flow {

/// One process.
struct PodPlan {
  std::string name;  ///< "upper/rep-0", "gateway/rep-0"
  bool is_gateway = false;
  bool python = false;  ///< Jina's own: it prints its logo and its arguments first
  ProcessOptions process{};
  client::Target health{};
  bool verify = true;                                        ///< false: its certificate is its own matter, any answer counts
  std::optional<std::chrono::milliseconds> timeout_ready{};  ///< empty: wait forever
  std::optional<RestartPolicy> restart{};                    ///< empty: as the launcher does
};

/// A row of the table that is printed when the Flow is ready.
struct EndpointRow {
  std::string name;
  std::string protocol;  ///< "grpc", "http", "websocket"
  std::string url;
  std::string docs{};  ///< "http://.../docs"
  bool external = false;
  bool docs_perhaps = false;  ///< a gateway of the user's: nobody knows whether it has them before it is asked
};

struct LaunchPlan {
  std::vector<PodPlan> pods{};  ///< Executors in the order of the Flow, the gateway last
  std::vector<EndpointRow> endpoints{};
  TopologyArgs topology{};
  std::vector<PortReservation> reserved{};
  std::vector<std::uint16_t> gateway_ports{};
};

struct PlanOptions {
  std::string executable;  ///< of our own processes
  std::string python{};    ///< interpreter with Jina, for Executors in Python; empty: see Pythons
  /// The gateway's of the plan before, for those that the Flow leaves to us: who knows its address finds it there again.
  std::vector<std::uint16_t> gateway_ports{};
};

/// Where an external Executor is: as many as it has hosts or ports.
Result<std::vector<client::Target>> external_targets(const DeploymentSpec& spec);

/// Chooses free ports and writes down every process. Errors name the Executor and say what to do.
Result<LaunchPlan> make_launch_plan(const FlowSpec& flow, const PlanOptions& options);

}  // namespace jina::flow
