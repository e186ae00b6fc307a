// What `jina client` sends: Documents from its arguments, from JSON, from lines and files, read as they are sent.
//
// Thread: main thread. Lifetime: what it gives reads the console's input. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "jina/client.hpp"

namespace jina::cli {

struct ClientInput {
  Inputs inputs{};
  std::string endpoint = "/";
  std::string target_executor{};
  boost::json::object parameters{};
};

/// Reads the options text, json, lines, jsonl, files, endpoint, parameters and target-executor. Errors name file, line and column;
/// those of --jsonl, which is read later, are thrown out of the inputs.
Result<ClientInput> read_client_input(Console& console, const Invocation& call);

}  // namespace jina::cli
