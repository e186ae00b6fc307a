// Logger: lines in the log of the program, with the pod's name in front.
//
//   logger().info("index of " + std::to_string(count) + " Documents loaded");
//
// Thread: any. Lifetime: its Gateway's. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

namespace jina {

class Logger {
 public:
  /// `name` may stay empty: the lines then carry what --log-config and --name say.
  explicit Logger(std::string name = {}) : name_(std::move(name)) {}

  void debug(std::string_view text) const;
  void info(std::string_view text) const;
  void warning(std::string_view text) const;
  void error(std::string_view text) const;

 private:
  std::string name_;
};

}  // namespace jina
