// Compiler: which one compiles modules, known without running it; and what to tell people when it fails.
//
// Thread: any. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "jina/status.hpp"

namespace jina {

struct Compiler {
  std::vector<std::string> command;  ///< "ccache", "g++"
  /// Changes when the programs do: path, size and time of each. Starting the compiler for its version takes longer.
  std::string identity;
};

/// $CXX, else g++. FAILED_PRECONDITION says what to install.
Result<Compiler> find_compiler();

/// A line to add to what the compiler said, or "": which package a missing header or library is in.
std::string compiler_hint(std::string_view output);

}  // namespace jina
