#include "flow/process.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "flow/child_guard.hpp"
#include "flow/child_launch.hpp"

namespace jina::flow {

namespace asio = boost::asio;

std::string ExitState::to_string() const {
  if (!exited) return "still runs";
  if (signal == 0) return "exited with code " + std::to_string(code);
  const char* name = ::strsignal(signal);
  return "was killed by signal " + std::to_string(signal) + (name == nullptr ? std::string{} : " (" + std::string(name) + ")");
}

namespace {

/// Readable once the process ended; -1 where the kernel is older than that (Linux 5.3).
int open_pidfd(pid_t pid) {
#ifdef SYS_pidfd_open
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
#else
  (void)pid;
  return -1;
#endif
}

}  // namespace

struct Process::Impl : std::enable_shared_from_this<Process::Impl> {
  struct Reader {
    asio::posix::stream_descriptor descriptor;
    Stream stream;
    std::array<char, 4096> chunk{};
    std::string partial{};
    bool open = true;
  };

  Impl(asio::io_context& context, OnLine line, OnExit exit)
      : io(context),
        out{asio::posix::stream_descriptor(io), Stream::kOut},
        error{asio::posix::stream_descriptor(io), Stream::kError},
        ended(io),
        poll(io),
        limit(io),
        on_line(std::move(line)),
        on_exit(std::move(exit)) {}

  void emit(Reader& reader, std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (on_line) on_line(reader.stream, line);
  }

  void read(Reader& reader) {
    // Nothing is read ahead: what is in the pipe when the process ended is for drain().
    reader.descriptor.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this(), &reader](auto failure) {
      if (!reader.open) return;
      std::size_t count = 0;
      if (!failure) count = reader.descriptor.read_some(asio::buffer(reader.chunk), failure);
      self->take(reader, std::string_view(reader.chunk.data(), count));
      if (!failure || failure == asio::error::would_block) return self->read(reader);
      if (!reader.partial.empty()) self->emit(reader, std::exchange(reader.partial, {}));
      reader.open = false;
      self->finish_if_done();
    });
  }

  void take(Reader& reader, std::string_view text) {
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      reader.partial += text.substr(0, end);
      emit(reader, std::exchange(reader.partial, {}));
      text.remove_prefix(end + 1);
    }
    reader.partial += text;
    constexpr std::size_t kLongest = 64 * 1024;
    if (reader.partial.size() > kLongest) emit(reader, std::exchange(reader.partial, {}));
  }

  /// Waits for its end without SIGCHLD: handlers and their counts would follow a forked function into the child.
  void watch() {
    if (const int file = open_pidfd(pid); file >= 0) {
      ended.assign(file);
      ended.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this()](auto failure) {
        if (!failure) self->reap(0);
      });
      return;
    }
    poll.expires_after(std::chrono::milliseconds(20));
    poll.async_wait([self = shared_from_this()](auto failure) {
      if (!failure && !self->reap(WNOHANG)) self->watch();
    });
  }

  /// True when the child is gone.
  bool reap(int flags) {
    if (reaped) return true;
    int status = 0;
    rusage used{};
    pid_t got = -1;
    do got = ::wait4(pid, &status, flags, &used);
    while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    ChildGuard::of_this_process().forget(pid);
    reaped = true;
    state.peak_memory = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
    if (got == pid && WIFSIGNALED(status))
      state.signal = WTERMSIG(status);
    else if (got == pid)
      state.code = WEXITSTATUS(status);
    boost::system::error_code ignored;
    ended.close(ignored);
    poll.cancel();
    finish_if_done();
    return true;
  }

  void finish_if_done() {
    if (!reaped || cleaning()) return;
    state.exited = true;
    // A grandchild may keep the pipes open; what the child itself wrote is in them already.
    for (auto* reader : {&out, &error})
      if (reader->open && reader->descriptor.is_open()) {
        drain(*reader);
        reader->open = false;
        boost::system::error_code ignored;
        reader->descriptor.close(ignored);
      }
    if (auto done = std::exchange(on_exit, {})) done();
  }

  /// Whether what it left elsewhere is being ended. When it ended by itself it has done that.
  bool cleaning() {
    if (cleaner) return !cleaner->state().exited;
    if (state.signal == 0 || afterwards.empty()) return false;
    auto started = Process::start(io, {.program = afterwards.front(), .arguments = {afterwards.begin() + 1, afterwards.end()}}, {},
                                  [self = shared_from_this()] { self->cleaned(); });
    if (!started) return false;
    cleaner = std::move(*started);
    // An engine that hangs must not keep us running.
    limit.expires_after(longest_cleaning);
    limit.async_wait([self = shared_from_this()](auto failure) {
      if (failure || self->cleaner->state().exited) return;
      self->cleaning_is_late = true;
      self->cleaner->kill();
    });
    return true;
  }

  void cleaned() {
    limit.cancel();
    if (on_line && cleaner->state().signal != 0) {
      const auto why = cleaning_is_late ? fmt::format("did not end within {} ms and was killed", longest_cleaning.count())
                                        : cleaner->state().to_string();
      on_line(Stream::kError, fmt::format("warning: {} may be left: '{}' {}; run it again",
                                          elsewhere.empty() ? "what it started" : elsewhere, fmt::join(afterwards, " "), why));
    }
    finish_if_done();
  }

  void drain(Reader& reader) {
    boost::system::error_code failure;
    // A grandchild may go on writing; a pipe holds 64 KiB.
    for (int chunks = 0; chunks < 64 && !failure; ++chunks) {
      const auto count = reader.descriptor.read_some(asio::buffer(reader.chunk), failure);
      if (!failure) take(reader, std::string_view(reader.chunk.data(), count));
    }
    if (!reader.partial.empty()) emit(reader, std::exchange(reader.partial, {}));
  }

  asio::io_context& io;
  Reader out;
  Reader error;
  asio::posix::stream_descriptor ended;
  asio::steady_timer poll;
  asio::steady_timer limit;  // of the cleaner
  OnLine on_line;
  OnExit on_exit;
  std::vector<std::string> afterwards{};
  std::string elsewhere{};
  std::chrono::milliseconds longest_cleaning{0};
  std::unique_ptr<Process> cleaner{};
  bool cleaning_is_late = false;
  pid_t pid = -1;
  bool reaped = false;
  ExitState state{};
};

Result<std::unique_ptr<Process>> Process::start(asio::io_context& io, ProcessOptions options, OnLine on_line, OnExit on_exit) {
  auto& guard = ChildGuard::of_this_process();  // before the fork: it must not be a child's sibling that holds its pipes
  const auto child = launch_child(options);
  if (!child) return child.error();
  guard.watch(child->pid, options.afterwards);
  auto impl = std::make_shared<Impl>(io, std::move(on_line), std::move(on_exit));
  impl->pid = child->pid;
  impl->afterwards = std::move(options.afterwards);
  impl->elsewhere = std::move(options.elsewhere);
  impl->longest_cleaning = options.afterwards_limit;
  impl->out.descriptor.assign(child->out);
  impl->error.descriptor.assign(child->error);
  impl->out.descriptor.non_blocking(true);
  impl->error.descriptor.non_blocking(true);
  impl->read(impl->out);
  impl->read(impl->error);
  impl->watch();
  return std::unique_ptr<Process>(new Process(std::move(impl)));
}

Process::~Process() {
  impl_->on_exit = {};
  impl_->on_line = {};
  if (!impl_->reaped) {
    kill();
    if (!std::exchange(impl_->afterwards, {}).empty()) ChildGuard::of_this_process().finish(impl_->pid);
    impl_->reap(0);
  }
}

pid_t Process::pid() const noexcept { return impl_->pid; }
const ExitState& Process::state() const noexcept { return impl_->state; }

void Process::terminate() {
  if (!impl_->reaped) ::kill(impl_->pid, SIGTERM);
}

void Process::kill() {
  if (impl_->cleaner) impl_->cleaner->kill();
  if (impl_->reaped) return;
  impl_->state.ours = true;
  ::kill(-impl_->pid, SIGKILL);
}

std::string own_executable() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("/proc/self/exe") : path.string();
}

}  // namespace jina::flow
