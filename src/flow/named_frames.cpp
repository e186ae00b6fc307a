#include "flow/named_frames.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <map>

#include "base/demangle.hpp"
#include "base/subprocess.hpp"
#include "flow/process.hpp"

namespace jina::flow {

namespace asio = boost::asio;

// "/lib/store.so(_ZN5Store6searchEv+0x1f)[0x7f00]", "./store(+0x1f)[0x7f00]", "[0x7f00]"
std::string readable_frame(std::string_view line) {
  const auto open = line.find('(');
  const auto close = line.rfind(')');
  if (open == line.npos || close == line.npos || close < open) return std::string(line);
  auto file = line.substr(0, open);
  if (const auto slash = file.rfind('/'); slash != file.npos) file.remove_prefix(slash + 1);
  const auto inner = line.substr(open + 1, close - open - 1);
  const auto plus = inner.rfind('+');
  const std::string symbol(inner.substr(0, plus));
  const std::string offset(plus == inner.npos ? "" : inner.substr(plus));
  std::string text(file);
  return text + ": " + (symbol.empty() ? "" : demangled(symbol.c_str())) + offset;
}

namespace {

/// "0x6280" of "/cache/store.so(+0x6280)[0x7f00]"; empty when it has a name or belongs to the system. `returns`: of the call before
/// it, which may be the last of its function.
std::string nameless_offset(std::string_view line, bool returns) {
  const auto open = line.find("(+0x");
  const auto close = line.find(')', open);
  if (open == line.npos || close == line.npos || line.starts_with("/lib") || line.starts_with("/usr/lib")) return {};
  if (line.substr(0, open).find(".so") == line.npos) return {};
  const std::string hex(line.substr(open + 2, close - open - 2));
  return fmt::format("{:#x}", std::strtoull(hex.c_str(), nullptr, 16) - (returns ? 1 : 0));
}

/// `frame` with the name that addr2line gave it.
void put_name(std::string& frame, std::string_view name) {
  if (name.empty() || name.starts_with("??")) return;
  if (name.ends_with(":?")) name = name.substr(0, name.rfind(" at "));
  frame = frame.substr(0, frame.find(": ") + 2) + std::string(name);
}

/// The frames of one file that lack a name.
struct Nameless {
  std::vector<std::string> offsets{};
  std::vector<std::size_t> places{};  // in the backtrace
};

}  // namespace

Task<std::vector<std::string>> named_frames(asio::io_context& io, std::vector<std::string> lines, std::chrono::milliseconds limit) {
  std::vector<std::string> frames;
  std::map<std::string, Nameless> files;
  for (const auto& line : lines) {
    frames.push_back(readable_frame(line));
    auto offset = nameless_offset(line, frames.size() > 2);  // after the handler's frame comes what crashed
    if (offset.empty()) continue;
    Nameless& file = files[line.substr(0, line.find('('))];
    file.offsets.push_back(std::move(offset));
    file.places.push_back(frames.size() - 1);
  }
  const std::string tool = files.empty() ? "" : find_program("addr2line");
  if (tool.empty()) co_return frames;
  asio::steady_timer timer(io, limit);
  const auto until = timer.expiry();
  for (const auto& [path, file] : files) {
    ProcessOptions options;
    options.program = tool;
    options.arguments = {"-Cfpe", path};
    options.arguments.insert(options.arguments.end(), file.offsets.begin(), file.offsets.end());
    std::size_t answered = 0;  // it writes one line for each offset
    bool ended = false;
    const auto started = Process::start(
        io, std::move(options),
        [&](Process::Stream stream, std::string_view line) {
          if (stream == Process::Stream::kOut && answered < file.places.size()) put_name(frames[file.places[answered++]], line);
        },
        [&] {
          ended = true;
          timer.cancel();
        });
    if (!started.ok()) break;
    boost::system::error_code error;
    while (!ended && std::chrono::steady_clock::now() < until)
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (!ended) break;  // the destructor kills it
  }
  co_return frames;
}

}  // namespace jina::flow
