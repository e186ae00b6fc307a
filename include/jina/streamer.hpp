// GatewayStreamer: sends Documents through a Flow from user code; what Jina calls by the same name.
//
//   auto replies = streamer.stream_docs({jina::Document{{.text = text}}}, {.exec_endpoint = "/"});
//   while (auto docs = co_await replies.next()) result = docs->front().text();
//
//   jina::DocumentArray found = co_await streamer.executor("ranker").post(docs, "/rank");     // one Executor, past the graph
//   jina::DocumentArray found = streamer.post_blocking(docs, {.exec_endpoint = "/search"});   // on a thread of one's own
//
// Documents are cut into requests of `request_size`; answers come as they finish, or in order. An Executor that raised is no
// failure of a stream: its request's Documents come back as it left them, with Response::error set; the `post` functions, which
// have no place for it, throw ExecutorFailed. A request that could not be answered at all makes next() throw RequestFailed once;
// the answers of the others can still be read afterwards.
//
// Thread: belongs to one I/O thread, io(), as do its streams; functions called `..._blocking` and `..._async` may be called from
// any other thread too. Lifetime: await close() before destruction of one made by its constructor; destroy streams first.
// Cancellation: the options' context; destroying a stream cancels what it has in flight. `prefetch` bounds what a slow reader
// leaves unread.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jina/bytes.hpp"
#include "jina/document.hpp"
#include "jina/request_context.hpp"
#include "jina/response_stream.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina {

namespace streamer {
class RpcRun;
}

/// The keyword arguments of stream_docs.
struct StreamOptions {
  std::string exec_endpoint{};
  std::string target_executor{};  ///< regular expression for the beginning of deployments' names; empty: all
  boost::json::object parameters{};
  std::size_t request_size = 100;  ///< Documents per request; 0 counts as 1
  bool results_in_order = false;
  std::string request_id{};           ///< only used when one request holds all Documents; else, and when empty, a random one
  RequestContext* context = nullptr;  ///< of the request that this is done for: its deadline, cancellation and trace apply;
                                      ///< outlives the stream. It belongs to the I/O thread: leave it out on others
  std::optional<std::chrono::milliseconds> timeout{};  ///< of all of it, from now
  TraceContext trace{};                                ///< parent of the calls' spans; of `context` when not valid
};

/// The keyword arguments of executor(name).post.
struct ExecutorPostOptions {
  std::string on{};  ///< endpoint
  std::size_t request_size = 100;
  boost::json::object parameters{};
  bool raise = true;  ///< false: post() returns the Documents as an Executor that raised left them
  RequestContext* context = nullptr;
  std::optional<std::chrono::milliseconds> timeout{};
  TraceContext trace{};
};

/// Called on the I/O thread, exactly once: with the Documents, or with the status that RequestFailed would have; what an Executor
/// raised is UNKNOWN with its text.
using PostCallback = std::function<void(Result<DocumentArray>)>;

/// What a streamer is made of; the JSON of `jina gateway`'s arguments. Defaults are those of Jina's GatewayStreamer.
struct StreamerOptions {
  boost::json::object graph_representation{};  ///< node -> successors
  boost::json::object executor_addresses{};    ///< node -> addresses
  boost::json::object graph_conditions{};
  boost::json::object deployments_metadata{};
  boost::json::array deployments_no_reduce{};
  std::optional<std::chrono::milliseconds> timeout_send{};
  int retries = 0;
  std::string compression{};  ///< NoCompression, Deflate or Gzip
  std::string runtime_name = "custom gateway";
  int prefetch = 0;  ///< requests of one stream in flight; 0 = no limit

  /// The Flow that this process belongs to, from JINA_STREAMER_ARGS. FAILED_PRECONDITION when the variable is not set.
  static Result<StreamerOptions> from_environment();
  /// The JSON of that variable.
  static Result<StreamerOptions> from_json(std::string_view text);
};

class ExecutorClient;
class RpcStream;
struct RpcStreamOptions {
  bool results_in_order = false;
  int prefetch = -1;  ///< requests in work and answers unread; negative: the streamer's own; 0: no limit
  RequestContext* context = nullptr;
};

class GatewayStreamer {
 public:
  struct Impl;

  /// With connections of its own. Throws std::invalid_argument that names the node or the address that is wrong.
  GatewayStreamer(boost::asio::io_context& io, const StreamerOptions& options);
  explicit GatewayStreamer(std::unique_ptr<Impl> impl);
  ~GatewayStreamer();
  GatewayStreamer(const GatewayStreamer&) = delete;
  GatewayStreamer& operator=(const GatewayStreamer&) = delete;

  /// The Flow that this process belongs to (JINA_STREAMER_ARGS), for code that has no Gateway at hand: a library, a process that
  /// the gateway started. With connections and an I/O thread of its own; use the blocking and async functions, or jina::wait_for
  /// with io(). Destroying it ends what is in flight and waits for the I/O thread; on that thread (in a callback that owned it) it
  /// does not wait, and the thread ends by itself. Throws std::runtime_error when there is no such Flow.
  static std::unique_ptr<GatewayStreamer> get_streamer();
  /// The same on a given I/O thread.
  static std::unique_ptr<GatewayStreamer> get_streamer(boost::asio::io_context& io);

  /// No Documents: no request, and a stream without answers.
  DocsStream stream_docs(DocumentArray docs, StreamOptions options = StreamOptions());
  ResponseStream stream(DocumentArray docs, StreamOptions options = StreamOptions());
  /// One Document to the first Executor of the graph that streams the endpoint; an answer for each Document it yields.
  ResponseStream stream_doc(Document doc, StreamOptions options = StreamOptions());

  /// The Documents of all answers, in the order of the input. Throws RequestFailed and ExecutorFailed. With g++ 12 options are made
  /// in a statement of their own: `{.x = ...}` inside a co_await expression is destroyed twice (jina/task.hpp).
  Task<DocumentArray> post(DocumentArray docs, StreamOptions options = StreamOptions());
  Task<DocumentArray> post(DocumentArray docs, std::string_view exec_endpoint);
  /// The same for any thread but the I/O thread, on which it throws std::logic_error: waits here.
  DocumentArray post_blocking(DocumentArray docs, StreamOptions options = StreamOptions());
  /// The same for any thread; returns at once.
  void post_async(DocumentArray docs, StreamOptions options, PostCallback callback);

  /// One encoded DataRequestProto through the Flow; the encoded answer.
  Task<Result<Bytes>> process_single_data(Bytes request, RequestContext* context = nullptr);
  /// Any number of them.
  RpcStream rpc_stream(RpcStreamOptions options = RpcStreamOptions());

  /// One Executor of the Flow, past the graph. Throws std::out_of_range that lists the names there are.
  ExecutorClient executor(std::string_view name);
  /// The names of the Flow's Executors.
  std::vector<std::string> executors() const;

  boost::asio::io_context& io() const noexcept;
  /// Waits for floating Executors, then closes the connections; of an injected streamer the runtime takes care.
  Task<void> close();

 private:
  std::unique_ptr<Impl> impl_;
};

/// One Executor of the Flow. Batches are sent at the same time, past the graph; answers are in the order of the input. Cheap to
/// copy; its streamer outlives it.
class ExecutorClient {
 public:
  ExecutorClient(GatewayStreamer::Impl& streamer, std::string name) : streamer_(&streamer), name_(std::move(name)) {}

  const std::string& name() const noexcept { return name_; }
  /// The Documents of all answers. Throws RequestFailed that names the Executor, and ExecutorFailed.
  Task<DocumentArray> post(DocumentArray docs, ExecutorPostOptions options = ExecutorPostOptions());
  Task<DocumentArray> post(DocumentArray docs, std::string_view on);
  /// As GatewayStreamer's.
  DocumentArray post_blocking(DocumentArray docs, ExecutorPostOptions options = ExecutorPostOptions());
  void post_async(DocumentArray docs, ExecutorPostOptions options, PostCallback callback);
  /// The answers one by one, with what the Executor raised in them.
  ResponseStream stream(DocumentArray docs, ExecutorPostOptions options = ExecutorPostOptions());
  /// One Document to a generator endpoint; an answer for each Document it yields.
  ResponseStream stream_doc(Document doc, ExecutorPostOptions options = ExecutorPostOptions());

 private:
  GatewayStreamer::Impl* streamer_;
  std::string name_;
};

/// Encoded DataRequestProtos in, encoded answers out: JinaRPC/Call without the network. One coroutine may write while another one
/// reads. A request whose Executor cannot be reached ends the stream: those in work are still answered, then read() throws.
class RpcStream {
 public:
  explicit RpcStream(std::shared_ptr<streamer::RpcRun> run);
  RpcStream(RpcStream&&) noexcept;
  RpcStream& operator=(RpcStream&&) noexcept;
  ~RpcStream();

  /// Waits while `prefetch` requests are in work or their answers unread. False when the stream has ended. One at a time.
  Task<bool> write(Bytes request);
  /// There are no more requests.
  void writes_done();
  /// The next answer; nullopt when all requests are answered. Throws RequestFailed. One at a time.
  Task<std::optional<Bytes>> read();

 private:
  std::shared_ptr<streamer::RpcRun> run_;
};

}  // namespace jina
