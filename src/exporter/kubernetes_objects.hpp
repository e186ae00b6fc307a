// The Kubernetes objects of one Workload.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <vector>

#include "exporter/workload.hpp"

namespace jina::exporter {

struct KubernetesObjects {
  std::vector<boost::json::value> main{};      ///< ConfigMap, Services, Deployment or StatefulSet, autoscaler, disruption budget
  std::vector<boost::json::value> monitors{};  ///< what needs the Prometheus operator
};

/// `around`: what runs in the pod of a head beside it.
KubernetesObjects kubernetes_objects(const Workload& workload, std::span<const Workload* const> around, const std::string& space,
                                     Remarks& remarks);

/// The pod template of it: labels, containers with probes, volumes.
boost::json::object pod_template(const Workload& workload, std::span<const Workload* const> around, const std::string& space,
                                 bool has_autoscaler);

/// Names, in the pod and in its claims, of the workload's volumes.
std::vector<std::pair<std::string, std::string>> volume_mounts(const Workload& workload);

}  // namespace jina::exporter
