// Diagnostics: everything that is wrong with a configuration, found in one reading, instead of the first thing only.
//
// Thread: plain values. Lifetime: own their texts. Cancellation: none.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"
#include "jina/status.hpp"

namespace jina::config {

enum class Severity : std::uint8_t { kError, kWarning };
std::string_view to_string(Severity severity) noexcept;  ///< "error", "warning"

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string source{};   ///< the file; empty when it is about none
  Position position{};    ///< in it; line 0: about all of it
  std::string message{};  ///< what is wrong
  std::string hint{};     ///< the next step; empty: the message says it

  /// "unknown key 'x'; did you mean 'y'?"
  std::string sentence() const;
  /// The same behind "flow.yml:5:3: ".
  std::string to_string() const;
};

class Diagnostics {
 public:
  void add(Severity severity, std::string_view source, Position position, std::string message, std::string hint = {});
  void error(std::string_view source, Position position, std::string message, std::string hint = {}) {
    add(Severity::kError, source, position, std::move(message), std::move(hint));
  }
  void warn(std::string_view source, Position position, std::string message, std::string hint = {}) {
    add(Severity::kWarning, source, position, std::move(message), std::move(hint));
  }
  /// A text that may begin with its place ("other.yml:3:4: ..."), as statuses have it; `source` and `position` are for one that
  /// does not.
  void add_text(Severity severity, std::string_view source, Position position, std::string_view text);
  void append(const Diagnostics& more);
  /// Names the files below the folder of `file` as they are seen from where that was named: "parts/a.yml" beside "flow.yml".
  void name_files_beside(const std::string& file);

  bool has_errors() const noexcept;
  std::size_t count(Severity severity) const noexcept;
  /// In the order of the text: file after file, line after line; what has no place comes last.
  std::vector<Diagnostic> sorted() const;
  /// The sorted ones of one severity, as texts.
  std::vector<std::string> texts(Severity severity) const;
  /// All errors, a line each; OK when there is none.
  Status status() const;

 private:
  std::vector<Diagnostic> items_;
};

/// "did you mean 'y'?" or "": what did_you_mean() says, as a hint.
std::string suggestion(std::string_view typed, std::span<const std::string> known);

}  // namespace jina::config
