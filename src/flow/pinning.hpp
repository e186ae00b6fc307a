// Which GPU and which cores each replica gets: CUDA_VISIBLE_DEVICES=RR..., as Jina reads it, and the key `cpu_affinity`.
//
// Thread: asks nvidia-smi, for start-up. Lifetime: plain values. Cancellation: none.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jina/status.hpp"

namespace jina::flow {

/// One device per replica, going round, for "RR" (all devices), "RR1:3" (a slice as Python's), "RR0,2" (these, or UUIDs). Nothing
/// for other values, and where there are no devices.
std::optional<std::vector<std::string>> round_robin_devices(std::string_view value, int replicas, int devices);
/// By nvidia-smi, else CUDA_TOTAL_DEVICES.
int count_devices();

/// The cores of replica number `replica`: of {"0-3", "6"} all of them; behind "RR" ("RR", "RR0-3") one of them, going round. Empty
/// when there is no list. `usable`: the cores that this process may run on.
Result<std::vector<int>> cores_for(std::span<const std::string> list, int replica, std::span<const int> usable);
std::vector<int> usable_cores();

}  // namespace jina::flow
