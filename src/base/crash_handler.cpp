#include "base/crash_handler.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstddef>

#if __has_include(<execinfo.h>)
#include <execinfo.h>
#define JINA_HAS_BACKTRACE 1
#endif

namespace jina {
namespace {

constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

#ifdef JINA_HAS_BACKTRACE

// Only async-signal-safe calls from here on; backtrace() is when its library was loaded before.
void say(std::string_view text) { (void)!::write(STDERR_FILENO, text.data(), text.size()); }

void say(int number) {
  std::array<char, 4> digits{};
  std::size_t at = digits.size();
  for (; number > 0 && at > 0; number /= 10) digits[--at] = static_cast<char>('0' + number % 10);
  say(std::string_view(digits.data() + at, digits.size() - at));
}

extern "C" void jina_crash_handler(int number) {
  static volatile sig_atomic_t busy = 0;
  if (busy == 0) {
    busy = 1;
    say(kBacktraceBegin);
    say(" ");
    say(number);
    say(":\n");
    std::array<void*, 64> frames{};
    const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    ::backtrace_symbols_fd(frames.data(), count, STDERR_FILENO);
    say(kBacktraceEnd);
    say("\n");
  }
  // SA_RESETHAND put the default back: this ends the process with the same signal, once the handler returned.
  ::raise(number);
}

#endif

}  // namespace

void install_crash_handler() {
#if defined(JINA_HAS_BACKTRACE) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  void* frame = nullptr;
  (void)::backtrace(&frame, 1);                               // loads what it needs
  alignas(16) static std::array<std::byte, 64 * 1024> stack;  // for a crash that used up the ordinary one
  stack_t other{};
  other.ss_sp = stack.data();
  other.ss_size = stack.size();
  ::sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_handler = jina_crash_handler;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
  ::sigemptyset(&action.sa_mask);
  for (const int number : kSignals) ::sigaction(number, &action, nullptr);
#endif
}

}  // namespace jina
