// The environment variables that the program reads, each said once: the table behind docs/reference/environment.md.
//
// Thread: constant; environment_value() as std::getenv. Lifetime: static. Cancellation: none.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace jina::config {

struct EnvironmentVariable {
  std::string_view group;
  std::string_view name;
  std::string_view fallback;  ///< what holds when it is not set
  std::string_view help;
  bool effective = true;  ///< false: only reported, because Jina has it
};

std::span<const EnvironmentVariable> environment_variables() noexcept;

/// The value of a variable of the table, "" when it is not set. Throws std::logic_error for another one: the table is to be whole.
/// Code below config/ reads the environment by itself; tools/write_reference compares what it reads with the table.
std::string environment_value(std::string_view name);

}  // namespace jina::config
