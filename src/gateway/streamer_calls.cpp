// Streams to the graph and to one Executor, and the functions that wait for all of a stream: in coroutines, by callback, and on
// threads that block.
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <future>
#include <stdexcept>
#include <utility>

#include "base/clock.hpp"
#include "gateway/streamer_impl.hpp"
#include "streamer/docs_run.hpp"
#include "streamer/document_run.hpp"

namespace jina {
namespace {

using Completion = std::function<void(std::exception_ptr failure, DocumentArray docs)>;

Status status_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const RequestFailed& failed) {
    return failed.status();
  } catch (const std::exception& error) {
    return {StatusCode::kUnknown, error.what()};
  }
}

Completion completion_of(PostCallback callback) {
  return [callback = std::move(callback)](const std::exception_ptr& failure, DocumentArray docs) {
    if (failure) return callback(status_of(failure));
    callback(std::move(docs));
  };
}

// Calls back exactly once, also when the I/O thread goes away before the end.
class OnceCallback {
 public:
  explicit OnceCallback(Completion callback) : callback_(std::move(callback)) {}
  OnceCallback(OnceCallback&& other) noexcept : callback_(std::exchange(other.callback_, nullptr)) {}
  OnceCallback& operator=(OnceCallback&&) = delete;
  ~OnceCallback() {
    if (callback_)
      call(std::make_exception_ptr(RequestFailed({StatusCode::kCancelled, "the streamer stopped before the answer came"})), {});
  }
  void operator()(std::exception_ptr failure, DocumentArray docs) { call(std::move(failure), std::move(docs)); }

 private:
  void call(std::exception_ptr failure, DocumentArray docs) {
    const Completion callback = std::exchange(callback_, nullptr);
    try {
      callback(std::move(failure), std::move(docs));
    } catch (const std::exception& error) {
      spdlog::error("a callback of post_async() threw: {}", error.what());
    } catch (...) {
      spdlog::error("a callback of post_async() threw something that is no std::exception");
    }
  }

  Completion callback_;
};

Task<DocumentArray> collect(ResponseStream responses, bool raise) {
  DocumentArray all;
  while (true) {
    std::optional<Response> response = co_await responses.next();
    if (!response) co_return all;
    if (raise && response->error) throw ExecutorFailed(std::move(*response->error));
    if (all.empty()) {
      all = std::move(response->docs);
    } else {
      for (Document& doc : response->docs) all.push_back(std::move(doc));
    }
  }
}

// What follows is called on any thread, so the streams are made inside the coroutine.
Task<DocumentArray> post_to_graph(GatewayStreamer::Impl& impl, DocumentArray docs, StreamOptions options) {
  options.results_in_order = true;
  Task<DocumentArray> all = collect(impl.to_graph(std::move(docs), options), true);
  co_return co_await std::move(all);
}

Task<DocumentArray> post_to_executor(GatewayStreamer::Impl& impl, std::string name, DocumentArray docs,
                                     ExecutorPostOptions options) {
  const bool raise = options.raise;
  Task<DocumentArray> all = collect(impl.to_executor(name, std::move(docs), std::move(options)), raise);
  co_return co_await std::move(all);
}

void start_async(GatewayStreamer::Impl& impl, Task<DocumentArray> task, Completion callback) {
  OnceCallback once(std::move(callback));
  impl.on_io_thread([&io = *impl.io, task = std::move(task), once = std::move(once)]() mutable {
    boost::asio::co_spawn(io, std::move(task), std::move(once));
  });
}

DocumentArray wait_blocking(GatewayStreamer::Impl& impl, Task<DocumentArray> task) {
  if (impl.io->get_executor().running_in_this_thread())
    throw std::logic_error("post_blocking() was called on the I/O thread, which it would block for ever: co_await post() there");
  // Shared: the thread that sets it may still be inside while this one is on its way out.
  const auto promise = std::make_shared<std::promise<DocumentArray>>();
  std::future<DocumentArray> docs = promise->get_future();
  start_async(impl, std::move(task), [promise](std::exception_ptr failure, DocumentArray answer) {
    if (failure) return promise->set_exception(std::move(failure));
    promise->set_value(std::move(answer));
  });
  return docs.get();
}

StreamOptions as_stream_options(ExecutorPostOptions options, const std::string& target) {
  StreamOptions out;
  out.exec_endpoint = std::move(options.on);
  out.target_executor = target;
  out.parameters = std::move(options.parameters);
  out.request_size = options.request_size;
  out.results_in_order = true;
  out.context = options.context;
  out.timeout = options.timeout;
  out.trace = std::move(options.trace);
  return out;
}

Buffer encode_from_gateway(const Document& doc, const StreamOptions& options) {
  std::string routes;
  wire::append_route(routes, {"gateway", Clock::real().system_ns(), {}, {}});
  return streamer::encode_document_request(doc, options, std::move(routes));
}

}  // namespace

ResponseStream GatewayStreamer::Impl::to_graph(DocumentArray docs, const StreamOptions& options) {
  auto send = [this](RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
    runner->run(context, std::move(request), std::move(done));
  };
  return ResponseStream(std::make_shared<streamer::DocsRun>(std::move(send), std::move(docs), options, prefetch));
}

ResponseStream GatewayStreamer::Impl::to_executor(const std::string& name, DocumentArray docs, ExecutorPostOptions options) {
  auto send = [this, name, endpoint = options.on](RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
    executors->send(context, name, endpoint, std::move(request), std::move(done));
  };
  return ResponseStream(
      std::make_shared<streamer::DocsRun>(std::move(send), std::move(docs), as_stream_options(std::move(options), name), prefetch));
}

ResponseStream GatewayStreamer::Impl::document_to_graph(const Document& doc, const StreamOptions& options) {
  const auto run = std::make_shared<streamer::DocumentRun>(options.context, options.timeout, options.trace);
  gateway::stream_doc(*endpoints, *executors, runner->graph(), run->context(), options.exec_endpoint,
                      encode_from_gateway(doc, options), run);
  return ResponseStream(run);
}

ResponseStream GatewayStreamer::Impl::document_to_executor(const std::string& name, const Document& doc,
                                                           const StreamOptions& options) {
  const auto run = std::make_shared<streamer::DocumentRun>(options.context, options.timeout, options.trace);
  executors->stream_doc(run->context(), name, options.exec_endpoint, encode_from_gateway(doc, options), run);
  return ResponseStream(run);
}

Task<DocumentArray> GatewayStreamer::post(DocumentArray docs, StreamOptions options) {
  return post_to_graph(*impl_, std::move(docs), std::move(options));
}

Task<DocumentArray> GatewayStreamer::post(DocumentArray docs, std::string_view exec_endpoint) {
  return post(std::move(docs), StreamOptions{.exec_endpoint = std::string(exec_endpoint)});
}

DocumentArray GatewayStreamer::post_blocking(DocumentArray docs, StreamOptions options) {
  return wait_blocking(*impl_, post_to_graph(*impl_, std::move(docs), std::move(options)));
}

void GatewayStreamer::post_async(DocumentArray docs, StreamOptions options, PostCallback callback) {
  start_async(*impl_, post_to_graph(*impl_, std::move(docs), std::move(options)), completion_of(std::move(callback)));
}

Task<DocumentArray> ExecutorClient::post(DocumentArray docs, ExecutorPostOptions options) {
  return post_to_executor(*streamer_, name_, std::move(docs), std::move(options));
}

Task<DocumentArray> ExecutorClient::post(DocumentArray docs, std::string_view on) {
  return post(std::move(docs), ExecutorPostOptions{.on = std::string(on)});
}

DocumentArray ExecutorClient::post_blocking(DocumentArray docs, ExecutorPostOptions options) {
  return wait_blocking(*streamer_, post_to_executor(*streamer_, name_, std::move(docs), std::move(options)));
}

void ExecutorClient::post_async(DocumentArray docs, ExecutorPostOptions options, PostCallback callback) {
  start_async(*streamer_, post_to_executor(*streamer_, name_, std::move(docs), std::move(options)),
              completion_of(std::move(callback)));
}

ResponseStream ExecutorClient::stream(DocumentArray docs, ExecutorPostOptions options) {
  return streamer_->to_executor(name_, std::move(docs), std::move(options));
}

ResponseStream ExecutorClient::stream_doc(Document doc, ExecutorPostOptions options) {
  return streamer_->document_to_executor(name_, doc, as_stream_options(std::move(options), name_));
}

}  // namespace jina
