// How `jina client` shows answers: whole, only their Documents, or as a table; and how far it has got.
//
// Thread: main thread. Lifetime: refers to the console. Cancellation: none.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "client/transport.hpp"

namespace jina::cli {

class ClientOutput {
 public:
  ClientOutput(Console& console, const config::OptionBag& options);

  /// Prints an answer; the status says what an Executor raised, or why the answer can not be shown.
  Status answer(client::Reply reply);
  /// A Document of a generator endpoint.
  Status document(const Document& document);
  /// Clears the progress line.
  void end();

 private:
  enum class Form : std::uint8_t { kResponse, kDocuments, kTable };
  Status documents(const wire::DataRequest& message);
  void row(const Document& document);
  void progress();

  Console& console_;
  Form form_ = Form::kResponse;
  bool compact_ = false;
  bool full_ = false;
  bool progress_ = false;
  bool heading_ = false;
  std::size_t answers_ = 0;
  std::size_t documents_ = 0;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace jina::cli
