#include "flow/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

namespace jina::flow {

namespace asio = boost::asio;

std::string ExitState::to_string() const {
  if (!exited) return "still runs";
  if (signal == 0) return "exited with code " + std::to_string(code);
  const char* name = ::strsignal(signal);
  return "was killed by signal " + std::to_string(signal) + (name == nullptr ? std::string{} : " (" + std::string(name) + ")");
}

namespace {

/// Everything that the child needs between fork and exec, made before: only async-signal-safe calls are allowed there.
struct Launch {
  explicit Launch(const ProcessOptions& options) : program(options.program), directory(options.directory) {
    words.push_back(program);
    words.insert(words.end(), options.arguments.begin(), options.arguments.end());
    std::map<std::string, std::string> variables;
    for (char** entry = ::environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      const auto equals = text.find('=');
      if (equals != text.npos) variables[std::string(text.substr(0, equals))] = std::string(text.substr(equals + 1));
    }
    for (const auto& [name, value] : options.environment) variables[name] = value;
    for (const auto& [name, value] : variables) settings.push_back(name + "=" + value);
    for (auto& word : words) argv.push_back(word.data());
    for (auto& setting : settings) envp.push_back(setting.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
  }
  std::string program;
  std::string directory;
  std::vector<std::string> words;
  std::vector<std::string> settings;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

[[noreturn]] void run_child(const Launch& launch, pid_t parent, int out, int error, int failure) {
  ::setpgid(0, 0);  // Ctrl-C reaches the launcher alone, which stops its children in order
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the line above took effect
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) ::signal(number, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  bool ready = ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(error, STDERR_FILENO) >= 0;
  if (ready && !launch.directory.empty()) ready = ::chdir(launch.directory.c_str()) == 0;
  if (ready) ::execve(launch.program.c_str(), launch.argv.data(), launch.envp.data());
  const int why = errno;
  (void)!::write(failure, &why, sizeof why);
  ::_exit(127);
}

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  void close(int end) {
    if (ends[static_cast<std::size_t>(end)] >= 0) ::close(std::exchange(ends[static_cast<std::size_t>(end)], -1));
  }
  ~Pipe() {
    close(0);
    close(1);
  }
};

}  // namespace

struct Process::Impl : std::enable_shared_from_this<Process::Impl> {
  struct Reader {
    asio::posix::stream_descriptor descriptor;
    Stream stream;
    std::array<char, 4096> chunk{};
    std::string partial{};
    bool open = true;
  };

  Impl(asio::io_context& io, OnLine line, OnExit exit)
      : out{asio::posix::stream_descriptor(io), Stream::kOut},
        error{asio::posix::stream_descriptor(io), Stream::kError},
        child_signals(io),
        on_line(std::move(line)),
        on_exit(std::move(exit)) {}

  void emit(Reader& reader, std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (reader.stream == Stream::kError) {
      constexpr std::size_t kKept = 12;
      last_errors.emplace_back(line);
      if (last_errors.size() > kKept) last_errors.pop_front();
    }
    if (on_line) on_line(reader.stream, line);
  }

  void read(Reader& reader) {
    reader.descriptor.async_read_some(asio::buffer(reader.chunk),
                                      [self = shared_from_this(), &reader](auto failure, std::size_t count) {
                                        self->take(reader, std::string_view(reader.chunk.data(), count));
                                        if (!failure) return self->read(reader);
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

  void watch() {
    child_signals.async_wait([self = shared_from_this()](auto failure, int) {
      if (!failure && !self->reap(WNOHANG)) self->watch();
    });
  }

  /// True when the child is gone.
  bool reap(int flags) {
    if (state.exited) return true;
    int status = 0;
    pid_t got = -1;
    do got = ::waitpid(pid, &status, flags);
    while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    state.exited = true;
    if (got == pid && WIFSIGNALED(status))
      state.signal = WTERMSIG(status);
    else if (got == pid)
      state.code = WEXITSTATUS(status);
    boost::system::error_code ignored;
    child_signals.cancel(ignored);
    finish_if_done();
    return true;
  }

  void finish_if_done() {
    if (!state.exited) return;
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

  void drain(Reader& reader) {
    boost::system::error_code failure;
    reader.descriptor.non_blocking(true, failure);
    while (!failure) {
      const auto count = reader.descriptor.read_some(asio::buffer(reader.chunk), failure);
      if (!failure) take(reader, std::string_view(reader.chunk.data(), count));
    }
    if (!reader.partial.empty()) emit(reader, std::exchange(reader.partial, {}));
  }

  Reader out;
  Reader error;
  asio::signal_set child_signals;
  OnLine on_line;
  OnExit on_exit;
  pid_t pid = -1;
  ExitState state{};
  std::deque<std::string> last_errors{};
};

Result<std::unique_ptr<Process>> Process::start(asio::io_context& io, ProcessOptions options, OnLine on_line, OnExit on_exit) {
  const auto failed = [&](const std::string& what, int why) {
    return Status{StatusCode::kUnavailable, "cannot start " + options.program + ": " + what + ": " + std::strerror(why)};
  };
  Pipe out, error, failure;
  if (!out.open() || !error.open() || !failure.open()) return failed("no pipe", errno);
  const Launch launch(options);
  auto impl = std::make_shared<Impl>(io, std::move(on_line), std::move(on_exit));
  impl->child_signals.add(SIGCHLD);

  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return failed("no process", errno);
  if (pid == 0) run_child(launch, parent, out.ends[1], error.ends[1], failure.ends[1]);
  impl->pid = pid;
  ::setpgid(pid, pid);  // as in the child: whoever comes first
  out.close(1);
  error.close(1);
  failure.close(1);
  int why = 0;
  ssize_t got = -1;
  do got = ::read(failure.ends[0], &why, sizeof why);
  while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof why)) {
    impl->on_exit = {};
    impl->on_line = {};
    impl->reap(0);
    return failed("exec", why);
  }
  impl->out.descriptor.assign(std::exchange(out.ends[0], -1));
  impl->error.descriptor.assign(std::exchange(error.ends[0], -1));
  impl->read(impl->out);
  impl->read(impl->error);
  impl->watch();
  // It may have ended before the signal was waited for.
  asio::post(io, [impl] { impl->reap(WNOHANG); });
  return std::unique_ptr<Process>(new Process(std::move(impl)));
}

Process::~Process() {
  impl_->on_exit = {};
  impl_->on_line = {};
  if (!impl_->state.exited) {
    kill();
    impl_->reap(0);
  }
}

pid_t Process::pid() const noexcept { return impl_->pid; }
const ExitState& Process::state() const noexcept { return impl_->state; }
const std::deque<std::string>& Process::last_errors() const noexcept { return impl_->last_errors; }

void Process::terminate() {
  if (!impl_->state.exited) ::kill(impl_->pid, SIGTERM);
}

void Process::kill() {
  if (!impl_->state.exited) ::kill(-impl_->pid, SIGKILL);
}

std::string own_executable() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("/proc/self/exe") : path.string();
}

}  // namespace jina::flow
