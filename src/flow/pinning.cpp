#include "flow/pinning.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>

#include <algorithm>
#include <charconv>

#include "base/subprocess.hpp"
#include "config/environment.hpp"

namespace jina::flow {

namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> out;
  for (;;) {
    const auto at = text.find(by);
    out.emplace_back(text.substr(0, at));
    if (at == text.npos) return out;
    text.remove_prefix(at + 1);
  }
}

/// range(count)[begin:end:step] of Python.
std::vector<std::string> slice(const std::vector<std::string>& parts, int count) {
  const auto part = [&](std::size_t i, int otherwise) {
    return i < parts.size() && !parts[i].empty() ? number(parts[i]).value_or(otherwise) : otherwise;
  };
  const auto bound = [&](int value) { return std::clamp(value < 0 ? value + count : value, 0, count); };
  const int step = std::max(1, part(2, 1));
  std::vector<std::string> out;
  for (int i = bound(part(0, 0)); i < bound(part(1, count)); i += step) out.push_back(std::to_string(i));
  return out;
}

}  // namespace

std::optional<std::vector<std::string>> round_robin_devices(std::string_view value, int replicas, int devices) {
  if (!value.starts_with("RR")) return std::nullopt;
  value.remove_prefix(2);
  if (value.size() > 1 && value.front() == '[' && value.back() == ']') value = value.substr(1, value.size() - 2);
  std::vector<std::string> chosen;
  if (value.find(',') != value.npos)
    chosen = split(value, ',');
  else if (value.find(':') != value.npos || value.empty())
    chosen = slice(split(value, ':'), devices);
  else
    chosen = {std::string(value)};
  if (chosen.empty()) return std::nullopt;
  std::vector<std::string> out;
  for (int i = 0; i < replicas; ++i) out.push_back(chosen[static_cast<std::size_t>(i) % chosen.size()]);
  return out;
}

int count_devices() {
  int count = 0;
  if (!find_program("nvidia-smi").empty()) {
    const auto list = run_command({"nvidia-smi", "-L"});
    for (auto at = list.output.find("UUID"); at != std::string::npos; at = list.output.find("UUID", at + 4)) ++count;
  }
  return count > 0 ? count : number(config::environment_value("CUDA_TOTAL_DEVICES")).value_or(0);
}

Result<std::vector<int>> cores_for(std::span<const std::string> list, int replica, std::span<const int> usable) {
  std::vector<int> cores;
  if (list.empty()) return cores;
  bool in_turn = false;
  for (std::string_view text : list) {
    if (text.starts_with("RR")) {
      in_turn = true;
      text.remove_prefix(2);
      if (text.empty()) {
        cores.insert(cores.end(), usable.begin(), usable.end());
        continue;
      }
    }
    const auto dash = text.find('-');
    const auto first = number(text.substr(0, dash));
    const auto last = dash == text.npos ? first : number(text.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first)
      return Status{StatusCode::kInvalidArgument,
                    fmt::format("'{}' is neither a core nor a range of cores; write for example 2, 0-3, or RR", text)};
    for (int core = *first; core <= *last; ++core) {
      if (std::find(usable.begin(), usable.end(), core) == usable.end())
        return Status{StatusCode::kInvalidArgument,
                      fmt::format("there is no core {} for this process; there are {}", core, fmt::join(usable, ", "))};
      cores.push_back(core);
    }
  }
  if (in_turn && !cores.empty()) return std::vector<int>{cores[static_cast<std::size_t>(replica) % cores.size()]};
  return cores;
}

std::vector<int> usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> out;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return out;
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(static_cast<std::size_t>(core), &set)) out.push_back(core);
  return out;
}

}  // namespace jina::flow
