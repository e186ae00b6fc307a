// Client: sends Documents to a gateway, or to a single Executor, over gRPC, HTTP or WebSocket.
//
//   jina::Client client("grpc://127.0.0.1:54321");
//   jina::DocumentArray found = client.post("/search", {jina::Document{{.text = "a cat"}}}, {.parameters = {{"top_k", 3}}});
//
//   for (jina::Response& answer : client.stream("/index", read_lines)) ...    // inputs as they are read, answers as they come
//
//   jina::AsyncClient client(io, "http://127.0.0.1:54321");                  // in coroutines, on the caller's io_context
//   jina::DocumentArray found = co_await client.post("/search", docs);
//
// URLs: grpc, grpcs, http, https, ws and wss, "://host:port". Documents are cut into requests of `request_size`; at most `prefetch`
// of them are in work or unread, so that inputs of any length take little memory.
//
// What goes wrong is what it is for GatewayStreamer. An Executor that raised is an answer with Response::error set; the `post`
// functions throw ExecutorFailed for it, unless there is an on_error or continue_on_error. No answer at all (nobody there, a
// deadline, a server that refuses the request) is RequestFailed, after max_attempts.
//
// Thread: Client may be used from any thread, also by several at once; it has an I/O thread of its own. AsyncClient and its streams
// belong to the thread of the io_context. Lifetime: streams may outlive the client they came from, not the io_context. The last of
// a Client and its streams waits for the I/O thread to end; when it is destroyed on that thread (an input function owned it), the
// thread ends by itself as soon as it comes back from there.
// Cancellation: destroying a stream cancels what it has in flight.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "jina/document.hpp"
#include "jina/request_context.hpp"
#include "jina/response_stream.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina {

namespace client {
class Connections;
class IoThread;
}  // namespace client

/// What a client sends: Documents that are there, or where they come from.
///
/// Nothing at all ({}) is one request without Documents, which may still have parameters; an empty DocumentArray is no request.
class Inputs {
 public:
  /// The next Document; nullopt after the last one. Called on the client's I/O thread, when there is room for more.
  using Next = std::function<std::optional<Document>()>;
  using AsyncNext = std::function<Task<std::optional<Document>>()>;

  Inputs() = default;
  Inputs(DocumentArray docs) : source_(std::move(docs)) {}                        // NOLINT(google-explicit-constructor)
  Inputs(Document doc) : source_(DocumentArray{std::move(doc)}) {}                // NOLINT(google-explicit-constructor)
  Inputs(std::initializer_list<Document> docs) : source_(DocumentArray(docs)) {}  // NOLINT(google-explicit-constructor)
  /// A function that returns the next Document, or nullopt.
  template <class F>
    requires std::is_invocable_r_v<std::optional<Document>, F&>
  Inputs(F next) : source_(Next(shared(std::move(next)))) {}  // NOLINT(google-explicit-constructor)
  /// The same as a coroutine.
  template <class F>
    requires std::is_same_v<std::invoke_result_t<F&>, Task<std::optional<Document>>>
  Inputs(F next) : source_(AsyncNext(shared(std::move(next)))) {}  // NOLINT(google-explicit-constructor)
  /// A jina::Generator<Document>, or whatever else has a next() that is awaited.
  template <class G>
    requires requires(G& generator) {
      { generator.next() } -> std::same_as<Task<std::optional<Document>>>;
    }
  Inputs(G generator)  // NOLINT(google-explicit-constructor)
      : source_(AsyncNext([g = std::make_shared<G>(std::move(generator))] { return g->next(); })) {}
  /// Any range of Documents, or of what makes one; a container is moved in, a view is kept.
  template <class R>
    requires(std::ranges::input_range<R> && !std::is_same_v<std::remove_cvref_t<R>, DocumentArray> &&
             std::is_constructible_v<Document, std::ranges::range_reference_t<R>>)
  static Inputs range(R&& documents) {
    return Inputs(Next([all = std::make_shared<std::ranges::views::all_t<R>>(std::views::all(std::forward<R>(documents))),
                        at = std::shared_ptr<std::optional<std::ranges::iterator_t<std::ranges::views::all_t<R>>>>()]() mutable {
      if (!at)
        at = std::make_shared<std::optional<std::ranges::iterator_t<std::ranges::views::all_t<R>>>>(std::ranges::begin(*all));
      std::optional<Document> next;
      if (**at == std::ranges::end(*all)) return next;
      next.emplace(***at);
      ++**at;
      return next;
    }));
  }

  using Source = std::variant<std::monostate, DocumentArray, Next, AsyncNext>;
  Source take() && { return std::move(source_); }

 private:
  template <class F>
  static auto shared(F next) {
    return [f = std::make_shared<F>(std::move(next))] { return (*f)(); };
  }
  Source source_;
};

/// Of all posts of a client.
struct ClientOptions {
  Metadata metadata{};        ///< gRPC metadata, or HTTP header fields; a post may have more
  bool verify = true;         ///< TLS: check the server's certificate
  std::string ca_file{};      ///< TLS: against the certificates of this PEM file instead of the system's
  std::string compression{};  ///< gRPC: NoCompression, Deflate or Gzip
  int prefetch = 1000;        ///< requests in work or unread at a time; over HTTP no more than 100
};

/// The keyword arguments of Jina's Client.post.
struct PostOptions {
  boost::json::object parameters{};
  std::size_t request_size = 100;  ///< Documents per request; 0: all in one
  std::string target_executor{};   ///< regular expression for the beginning of deployments' names; empty: all
  bool results_in_order = false;   ///< answers in the order of the inputs, not as they come
  int prefetch = 0;                ///< instead of the client's when above 0; over gRPC the gateway is told
  bool stream = true;              ///< gRPC: one call with streams; false: one unary call per request
  bool continue_on_error = false;  ///< `post` functions: an Executor that raised is only logged
  // Called by the `post` functions for each answer as it comes, on the thread that called; with on_done or on_always nothing is
  // kept, and they return nothing. What they throw comes out of post(), or is logged with continue_on_error.
  std::function<void(const Response&)> on_done{};    ///< a success
  std::function<void(const Response&)> on_error{};   ///< an Executor raised
  std::function<void(const Response&)> on_always{};  ///< each of them, afterwards
  int max_attempts = 1;  ///< of each request that gets no answer; a stream that broke goes on with what was not answered
  std::chrono::milliseconds initial_backoff{500};  ///< before the second attempt; before later ones a random time up to ...
  std::chrono::milliseconds max_backoff{2000};     ///< ... initial_backoff * backoff_multiplier^(n - 1), and this at most
  double backoff_multiplier = 1.5;
  std::optional<std::chrono::milliseconds> timeout{};  ///< of all of it, from now
  Metadata metadata{};
  std::string request_id{};  ///< only used when one request holds all Documents; else, and when empty, a random one
};

/// In coroutines, on the io_context that is given.
class AsyncClient {
 public:
  /// Connects when it is first used. Throws std::invalid_argument when `url` is none.
  AsyncClient(boost::asio::io_context& io, std::string_view url, ClientOptions options = ClientOptions());
  AsyncClient(AsyncClient&&) noexcept;
  AsyncClient& operator=(AsyncClient&&) noexcept;
  ~AsyncClient();

  /// The Documents of all answers. With g++ 12 options are made in a statement of their own: `{.x = ...}` inside a co_await
  /// expression is destroyed twice (jina/task.hpp).
  Task<DocumentArray> post(std::string endpoint, Inputs inputs = Inputs(), PostOptions options = PostOptions());
  /// The answers themselves, with parameters, routes and errors; an Executor that raised is no exception here.
  Task<std::vector<Response>> post_responses(std::string endpoint, Inputs inputs = Inputs(), PostOptions options = PostOptions());
  /// The answers one by one, as they come.
  ResponseStream stream(std::string endpoint, Inputs inputs = Inputs(), PostOptions options = PostOptions());
  /// One Document to a generator endpoint; an answer for each Document it yields. Over gRPC and HTTP (server-sent events).
  ResponseStream stream_doc(std::string endpoint, Document doc, PostOptions options = PostOptions());

  Task<DocumentArray> index(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/index", std::move(inputs), std::move(options));
  }
  Task<DocumentArray> search(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/search", std::move(inputs), std::move(options));
  }

  /// Whether every Executor of the Flow can be reached (its dry run).
  Task<bool> is_flow_ready(std::chrono::milliseconds limit = std::chrono::milliseconds(3000));
  /// The same with the reason.
  Task<Status> flow_status(std::chrono::milliseconds limit = std::chrono::milliseconds(3000));

  const std::string& url() const noexcept;

 private:
  std::shared_ptr<client::Connections> connections_;
};

/// Answers one by one for a thread that waits: in a range-for, or with next().
class ResponseRange {
 public:
  ResponseRange(std::shared_ptr<client::IoThread> thread, ResponseStream stream);
  ResponseRange(ResponseRange&&) noexcept;
  ResponseRange& operator=(ResponseRange&&) noexcept;
  ~ResponseRange();

  /// The next answer; nullopt when there are no more. Throws RequestFailed.
  std::optional<Response> next();

  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = Response;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(ResponseRange& range) : range_(&range) { ++*this; }
    Response& operator*() const noexcept { return *range_->current_; }
    Response* operator->() const noexcept { return &*range_->current_; }
    Iterator& operator++() {
      range_->current_ = range_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return range_ == nullptr || !range_->current_; }

   private:
    ResponseRange* range_ = nullptr;
  };
  /// Once.
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  std::shared_ptr<client::IoThread> thread_;
  std::unique_ptr<ResponseStream> stream_;
  std::optional<Response> current_;
};

/// For threads that may wait. Not to be called on its own I/O thread (from an input function), where it throws std::logic_error.
class Client {
 public:
  explicit Client(std::string_view url, ClientOptions options = ClientOptions());
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // As those of AsyncClient.
  DocumentArray post(std::string endpoint, Inputs inputs = Inputs(), PostOptions options = PostOptions());
  std::vector<Response> post_responses(std::string endpoint, Inputs inputs = Inputs(), PostOptions options = PostOptions());
  ResponseRange stream(std::string endpoint, Inputs inputs = Inputs(), PostOptions options = PostOptions());
  ResponseRange stream_doc(std::string endpoint, Document doc, PostOptions options = PostOptions());

  // The endpoints that Jina's client has functions for.
  DocumentArray index(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/index", std::move(inputs), std::move(options));
  }
  DocumentArray search(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/search", std::move(inputs), std::move(options));
  }
  DocumentArray update(Inputs inputs, PostOptions options = PostOptions()) {
    return post("/update", std::move(inputs), std::move(options));
  }
  DocumentArray remove(Inputs inputs, PostOptions options = PostOptions()) {  // `delete` is taken in C++
    return post("/delete", std::move(inputs), std::move(options));
  }

  bool is_flow_ready(std::chrono::milliseconds limit = std::chrono::milliseconds(3000));
  Status flow_status(std::chrono::milliseconds limit = std::chrono::milliseconds(3000));
  const std::string& url() const noexcept;

 private:
  std::shared_ptr<client::IoThread> thread_;
  std::string url_;
};

}  // namespace jina
