// substitute(): Jina's variables in configuration values: ${{ ENV.X }}, ${{ CONTEXT.x }}, ${{ x }}, $X, ${X}, and references inside
// the document, ${{root.a.b[0]}} and ${{this.k}}; every text is re-typed afterwards (scalar.hpp).
//
// Thread: reads the process environment unless given another. Lifetime: none. Cancellation: none.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"
#include "jina/status.hpp"

namespace jina::config {

using Lookup = std::function<std::optional<std::string>(const std::string& name)>;
/// The process environment.
std::optional<std::string> environment_variable(const std::string& name);

struct SubstituteOptions {
  std::string source{};                          ///< for errors and warnings
  std::map<std::string, std::string> context{};  ///< ${{ x }} and ${{ CONTEXT.x }}
  Lookup environment = environment_variable;
  std::vector<std::string>* warnings = nullptr;  ///< gets a line for each variable that is not set
};

/// Changes `root` in place. A variable that is not set stays in the text as Jina leaves it ($X, $$x) and makes a warning; a
/// reference to a value that is not there is an error.
Status substitute(Node& root, const SubstituteOptions& options);

}  // namespace jina::config
