// Flow: a gateway and its Executors, put together in C++ and run on this machine, each in a process of its own.
//
//   jina::Flow flow;
//   flow.config_gateway({.protocol = {"http"}, .port = {8080}})
//       .add<Upper>({.name = "upper", .replicas = 2})           // a class of this program
//       .add({.name = "encoder", .uses = "encoder/config.yml"}); // or whatever a Flow's YAML can name: modules, Python, images
//   flow.start();                                                // returns when all of it is ready
//   jina::DocumentArray docs = flow.post("/", {jina::Document{{.text = "hello"}}});
//   flow.block();                                                // until Ctrl-C
//
// It is the Flow of Jina's YAML, built by functions: names, defaults and checks are the same, and load_config() and to_yaml() go
// from one to the other. Classes of this program run in forks of it, so that nothing has to be installed or loaded.
//
// start() forks one process that starts, watches and stops the others. A fork has only the thread that made it: call start() before
// you make threads (a Client has one). That process ends, and all others with it, when this one ends, however it ends.
//
// What goes wrong is FlowFailed, with the sentence that `jina flow` prints.
//
// Thread: one, the main thread, which made it; post() and its like from any thread once it is started. Lifetime: the destructor
// closes it. Cancellation: close(); block() ends at SIGINT, SIGTERM or SIGHUP.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jina/client.hpp"
#include "jina/main.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"

namespace jina {

/// The Flow is wrong, or one of its processes failed.
class FlowFailed : public std::runtime_error {
 public:
  explicit FlowFailed(Status status, std::vector<std::string> last_errors = {});
  ~FlowFailed() override;
  const Status& status() const noexcept { return status_; }
  /// The last lines that the process wrote to its error output.
  const std::vector<std::string>& last_errors() const noexcept { return last_errors_; }

 private:
  Status status_;
  std::vector<std::string> last_errors_;
};

/// Of the Flow as a whole. `more`: any other key that `with:` of a Flow's YAML takes.
struct FlowOptions {
  std::string name{};
  boost::json::object env{};  ///< environment variables of every process
  std::string workspace{};
  std::string log_config{};
  std::string python{};   ///< interpreter with Jina for Executors in Python; else JINA_PYTHON, or the first on PATH that has Jina
  std::string inspect{};  ///< COLLECT, HANG or REMOVE: what happens to Executors added by inspect()
  std::string restart{};  ///< on-failure (as it is when empty) or never: of processes that end by themselves
  bool quiet = false;     ///< what the processes print is not printed here
  boost::json::object more{};
};

/// The keyword arguments of Flow.config_gateway. What is left as it is has Jina's default. `more`: any other key that the
/// `gateway:` section of a Flow's YAML takes.
struct GatewayArguments {
  std::string uses{};  ///< class, module (.cpp, .so) or YAML file
  boost::json::object uses_with{};
  std::vector<std::string> py_modules{};
  std::vector<std::string> protocol{};  ///< grpc, http, websocket
  std::vector<std::uint16_t> port{};    ///< one per protocol, or one for all; free ones when empty
  bool cors = false;
  std::string title{};
  std::string description{};
  boost::json::object more{};
};

/// The keyword arguments of Flow.add. `more`: any other key that an item of `executors:` in a Flow's YAML takes.
struct ExecutorArguments {
  std::string name{};  ///< "executor0" and so on when empty
  std::string uses{};  ///< class, module (.cpp, .so), Python file in YAML, image ("docker://...")
  boost::json::object uses_with{};
  std::vector<std::string> py_modules{};
  std::vector<std::string> needs{};  ///< whose answers it gets; the one before it when empty
  int replicas = 1;
  int shards = 1;
  boost::json::value polling{};  ///< "ANY", "ALL", or an object of them by endpoint
  std::string uses_before{};
  std::string uses_after{};
  boost::json::object uses_dynamic_batching{};
  boost::json::object when{};  ///< condition for Documents
  boost::json::object env{};
  bool floating = false;
  bool colocate = false;  ///< in the gateway's process
  bool external = false;  ///< runs elsewhere: at host and port
  std::vector<std::string> host{};
  std::vector<std::uint16_t> port{};
  std::string python{};
  boost::json::object more{};
};

class Flow {
 public:
  /// `header` is where this file was when the program was compiled: modules that it compiles get the same headers.
  explicit Flow(FlowOptions options = FlowOptions(), const char* header = __FILE__);
  ~Flow();
  Flow(Flow&&) noexcept;
  Flow& operator=(Flow&&) noexcept;

  /// Reads a Flow's YAML; what is called afterwards adds to it. Throws FlowFailed with file, line and column.
  static Flow load_config(const std::filesystem::path& file, const char* header = __FILE__);
  static Flow load_config_text(std::string_view yaml, const char* header = __FILE__);
  /// The YAML that `jina flow` reads. Classes of this program are in it by their name: `my_program flow --uses FILE` with
  /// jina::main.
  std::string to_yaml() const;
  void save_config(const std::filesystem::path& file) const;
  /// What `jina export` writes. Classes of this program have to be in the images. Returns what there is to say about it.
  std::vector<std::string> to_kubernetes_yaml(const std::filesystem::path& folder, std::string k8s_namespace = {}) const;
  std::vector<std::string> to_docker_compose_yaml(const std::filesystem::path& file) const;
  /// The Flow as a picture: SVG, or Mermaid when the name ends in .mmd.
  void plot(const std::filesystem::path& file) const;

  // ---- what it consists of ------------------------------------------------------------------------------------------------------

  Flow& config_gateway(GatewayArguments arguments);
  /// A gateway class of this program, which derives from jina::Gateway.
  template <class T>
  Flow& config_gateway(GatewayArguments arguments = GatewayArguments()) {
    arguments.uses = add_class<T>();
    return config_gateway(std::move(arguments));
  }
  Flow& add(ExecutorArguments arguments = ExecutorArguments());
  /// An Executor class of this program.
  template <class T>
  Flow& add(ExecutorArguments arguments = ExecutorArguments()) {
    arguments.uses = add_class<T>();
    return add(std::move(arguments));
  }
  /// Joins the answers of several Executors.
  Flow& needs(std::vector<std::string> needs, std::string name = "joiner");
  /// Joins the answers of all that nobody else waits for.
  Flow& needs_all(std::string name = "joiner");
  Flow& gather(std::string name = "joiner") { return needs_all(std::move(name)); }
  /// An Executor that looks at what passes here and changes nothing.
  Flow& inspect(ExecutorArguments arguments);
  template <class T>
  Flow& inspect(ExecutorArguments arguments = ExecutorArguments()) {
    arguments.uses = add_class<T>();
    return inspect(std::move(arguments));
  }
  /// A route of the HTTP gateway for an endpoint: expose_endpoint("/search", {{"path", "/api/search"}, {"methods", {"POST"}}}).
  Flow& expose_endpoint(std::string endpoint, boost::json::object route = {});

  // ---- running it ---------------------------------------------------------------------------------------------------------------

  /// Starts all processes and returns when each is ready. Throws FlowFailed: the Flow is wrong, a process could not start (then
  /// everything is stopped again), or this process has several threads (FAILED_PRECONDITION).
  void start();
  /// Waits until Ctrl-C (SIGINT, SIGTERM, SIGHUP), and closes it. Throws FlowFailed when one of its processes fails before.
  void block();
  /// Stops everything: the gateway first, which ends what it does, then the Executors.
  void close() noexcept;
  bool running() const;

  /// Of the gateway; 0 and "" before start().
  std::uint16_t port() const;
  std::vector<std::uint16_t> ports() const;
  std::string protocol() const;
  std::vector<std::string> protocols() const;
  /// "grpc://127.0.0.1:54321", the first of them.
  std::string url() const;

  /// Of the gateway's first protocol; made on first use.
  Client& client();
  DocumentArray post(std::string endpoint, Inputs inputs = Inputs(), PostOptions options = PostOptions()) {
    return client().post(std::move(endpoint), std::move(inputs), std::move(options));
  }
  DocumentArray index(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/index", std::move(inputs), std::move(options));
  }
  DocumentArray search(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/search", std::move(inputs), std::move(options));
  }
  DocumentArray update(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/update", std::move(inputs), std::move(options));
  }
  DocumentArray remove(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/delete", std::move(inputs), std::move(options));
  }
  /// Whether every Executor can be reached.
  bool is_flow_ready() { return client().is_flow_ready(); }

 private:
  struct Impl;
  template <class T>
  std::string add_class() {
    std::string name = detail::class_name(typeid(T));
    add_class(T::RegistryBase::kRegistryKind, name, [name](Registry& on) { on.add<T>(name); });
    return name;
  }
  void add_class(std::string_view kind, const std::string& name, std::function<void(Registry&)> add);
  Flow& add_item(const char* method, ExecutorArguments arguments);

  std::unique_ptr<Impl> impl_;
};

}  // namespace jina
