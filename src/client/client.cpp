#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "client/take_response.hpp"
#include "jina/blocking.hpp"
#include "jina/client.hpp"

namespace jina {
namespace client {

/// The io_context of a blocking client, run by a thread of its own. Whoever is the last to let go of it may be that thread: what it
/// runs on then goes when it has left the io_context.
class IoThread {
  struct Core {
    Core(std::string_view url, ClientOptions options) : async(io, url, std::move(options)) {}
    boost::asio::io_context io{1};
    AsyncClient async;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  };
  std::shared_ptr<Core> core_;

 public:
  IoThread(std::string_view url, ClientOptions options)
      : core_(std::make_shared<Core>(url, std::move(options))),
        io(core_->io),
        async(core_->async),
        thread_([core = core_] { core->io.run(); }) {}
  ~IoThread() {
    boost::asio::post(io, [&io = io] { io.stop(); });
    if (thread_.get_id() == std::this_thread::get_id())
      thread_.detach();
    else
      thread_.join();
  }
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  boost::asio::io_context& io;
  AsyncClient& async;

 private:
  std::thread thread_;
};

}  // namespace client

Client::Client(std::string_view url, ClientOptions options)
    : thread_(std::make_shared<client::IoThread>(url, std::move(options))), url_(thread_->async.url()) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

DocumentArray Client::post(std::string endpoint, Inputs inputs, PostOptions options) {
  if (!client::has_callbacks(options))
    return wait_for(thread_->io, [&] { return thread_->async.post(std::move(endpoint), std::move(inputs), std::move(options)); });
  DocumentArray docs;
  auto answers = stream(std::move(endpoint), std::move(inputs), options);
  while (auto answer = answers.next()) client::take_documents(options, std::move(*answer), docs);
  return docs;
}

std::vector<Response> Client::post_responses(std::string endpoint, Inputs inputs, PostOptions options) {
  if (!client::has_callbacks(options))
    return wait_for(thread_->io,
                    [&] { return thread_->async.post_responses(std::move(endpoint), std::move(inputs), std::move(options)); });
  std::vector<Response> all;
  auto answers = stream(std::move(endpoint), std::move(inputs), options);
  while (auto answer = answers.next()) client::take_response(options, std::move(*answer), all);
  return all;
}

namespace {

// Streams are made on the I/O thread, to which they belong.
template <class Make>
ResponseStream make_on(boost::asio::io_context& io, Make make) {
  std::optional<ResponseStream> stream;
  wait_for(io, [&]() -> Task<void> {
    stream.emplace(make());
    return []() -> Task<void> { co_return; }();
  });
  return std::move(*stream);
}

}  // namespace

ResponseRange Client::stream(std::string endpoint, Inputs inputs, PostOptions options) {
  return {thread_,
          make_on(thread_->io, [&] { return thread_->async.stream(std::move(endpoint), std::move(inputs), std::move(options)); })};
}

ResponseRange Client::stream_doc(std::string endpoint, Document doc, PostOptions options) {
  return {thread_,
          make_on(thread_->io, [&] { return thread_->async.stream_doc(std::move(endpoint), std::move(doc), std::move(options)); })};
}

bool Client::is_flow_ready(std::chrono::milliseconds limit) { return flow_status(limit).ok(); }

Status Client::flow_status(std::chrono::milliseconds limit) {
  return wait_for(thread_->io, [&] { return thread_->async.flow_status(limit); });
}

const std::string& Client::url() const noexcept { return url_; }

ResponseRange::ResponseRange(std::shared_ptr<client::IoThread> thread, ResponseStream stream)
    : thread_(std::move(thread)), stream_(std::make_unique<ResponseStream>(std::move(stream))) {}
ResponseRange::ResponseRange(ResponseRange&&) noexcept = default;

ResponseRange& ResponseRange::operator=(ResponseRange&& other) noexcept {
  std::swap(thread_, other.thread_);
  std::swap(stream_, other.stream_);
  std::swap(current_, other.current_);
  return *this;
}

ResponseRange::~ResponseRange() {
  // It ends where it lives. Nobody waits for that: the thread runs what was posted before it stops.
  if (stream_)
    boost::asio::post(thread_->io, [stream = std::shared_ptr<ResponseStream>(std::move(stream_))]() mutable { stream.reset(); });
}

std::optional<Response> ResponseRange::next() {
  return wait_for(thread_->io, [&] { return stream_->next(); });
}

}  // namespace jina
