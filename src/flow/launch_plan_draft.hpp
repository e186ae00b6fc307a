// What the plan of a Flow is put together from; launch_plan.cpp begins with the Executors, launch_plan_gateway.cpp ends it.
//
// Thread: plain value. Lifetime: refers to the Flow. Cancellation: none.
#pragma once
#include "flow/file_search.hpp"
#include "flow/launch_plan.hpp"

namespace jina::flow {

struct PlanDraft {
  const FlowSpec& flow;
  const PlanOptions& options;
  LaunchPlan plan{};
  Addresses addresses{};
  boost::json::object colocate{};      ///< --colocate of the gateway
  std::vector<EndpointRow> metrics{};  ///< behind the others in the end

  /// A port that nobody else gets; 0: any that is free.
  Result<std::uint16_t> reserve(std::uint16_t wanted);
  /// The port of the metrics of process `name`, the `index`th of port_monitoring, with its row; 0: it is not
  /// monitored.
  Result<std::uint16_t> reserve_metrics(const config::OptionBag& options, std::size_t index, const std::string& name,
                                        const std::string& host);
};

/// Adds the gateway's process and its rows, once the addresses of all Executors are known.
Status plan_gateway(PlanDraft& draft);

/// The arguments of a Flow's gateway, with what its own YAML says.
struct GatewaySettings {
  config::OptionBag options;
  UsedFiles files{};
  bool custom = false;  ///< a class of the user's
};
/// Errors have their place in the Flow's file.
Result<GatewaySettings> gateway_settings(const FlowSpec& flow);

/// Where a process listens when nobody says: $JINA_DEFAULT_HOST, or everywhere.
std::string default_host();

}  // namespace jina::flow
