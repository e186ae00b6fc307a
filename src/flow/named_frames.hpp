// named_frames: the frames of a backtrace as people read them; those of modules without names of their own get them from addr2line,
// where there is one.
//
// Thread: one I/O thread, which goes on working meanwhile. Lifetime: await it. Cancellation: it ends at `limit`, with what has a
// name by then; no addr2line is left, neither then nor when the coroutine is destroyed.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "jina/task.hpp"

namespace jina::flow {

/// `lines`: what BacktraceLines took. Does not wait when no frame lacks a name.
Task<std::vector<std::string>> named_frames(boost::asio::io_context& io, std::vector<std::string> lines,
                                            std::chrono::milliseconds limit);

/// One line of backtrace_symbols_fd with the C++ name as people write it and the file without its folders.
std::string readable_frame(std::string_view line);

}  // namespace jina::flow
