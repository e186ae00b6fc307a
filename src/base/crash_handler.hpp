// install_crash_handler: a process that dies of SIGSEGV, SIGABRT and the like first writes where it was.
//
// On the error output come kBacktraceBegin with the signal, one line per frame as backtrace_symbols_fd writes it, and
// kBacktraceEnd; then the signal does what it does. `jina flow` shows it in its crash report.
//
// Thread: call it once, at start, on the main thread; every thread's crash is told, a thread whose stack is used up only when it is
// the main thread. Lifetime: until the end of the process. Cancellation: none.
#pragma once
#include <string_view>

namespace jina {

/// Behind it: " 11" and a colon.
inline constexpr std::string_view kBacktraceBegin = "jina: backtrace after signal";
inline constexpr std::string_view kBacktraceEnd = "jina: end of the backtrace";

/// Does nothing under a sanitizer, which has its own.
void install_crash_handler();

}  // namespace jina
