// HTTP as user code sees it: requests, responses, errors, streamed bodies and WebSocket connections of a jina::HttpGateway.
//
// Thread: everything here belongs to the gateway's I/O thread. Lifetime: a request and its writers live until the handler returned.
// Cancellation: a client that went away cancels the RequestContext; writers then answer false.
#pragma once
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "jina/bytes.hpp"
#include "jina/request_context.hpp"
#include "jina/task.hpp"

namespace jina {

/// A request as it came. A handler that takes `const HttpRequest&` sees everything.
struct HttpRequest {
  std::string method;      ///< upper case: "POST"
  std::string path;        ///< percent-decoded, without the query, starts with '/'
  std::string raw_target;  ///< as sent: "/a%20b?x=1"
  std::string query;       ///< behind '?', still encoded
  std::string authority;   ///< the Host header, or :authority
  bool secure = false;     ///< came over TLS
  Metadata headers;        ///< names in lower case, in the order they came
  Bytes body;              ///< whole, transfer coding removed
  /// What middleware found out, for handlers: "jwt" the claims, "request_id", or whatever yours puts there.
  std::map<std::string, boost::json::value, std::less<>> attributes{};

  /// The first header of that name (lower case), or "".
  std::string_view header(std::string_view name) const noexcept;
  /// A cookie's value, or nothing.
  std::optional<std::string> cookie(std::string_view name) const;
};

/// A body that is made piece by piece.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  /// The next piece; nullopt ends the body. One at a time.
  virtual Task<std::optional<Bytes>> next() = 0;
};

/// An answer, when a handler wants to say all of it. Most handlers return a value instead (jina/app.hpp).
struct HttpResponse {
  int status = 200;
  Metadata headers{};  ///< names in lower case; content-length and date are added
  Bytes body{};
  std::shared_ptr<BodyStream> stream{};        ///< instead of `body`
  std::optional<std::uint64_t> stream_size{};  ///< of `stream` when it is known: sent as content-length, and the stream keeps to it

  static HttpResponse json(const boost::json::value& value, int status = 200);
  /// text/plain; charset=utf-8
  static HttpResponse text(std::string text, int status = 200);
  static HttpResponse html(std::string html, int status = 200);
  /// 307 unless told otherwise: method and body are kept.
  static HttpResponse redirect(std::string location, int status = 307);
  static HttpResponse empty(int status = 204);

  /// Replaces or adds a header.
  HttpResponse& set_header(std::string_view name, std::string value) &;
  HttpResponse&& set_header(std::string_view name, std::string value) && { return std::move(set_header(name, std::move(value))); }
};

/// What comes after a middleware: the next one, or the handler.
using Next = std::function<Task<HttpResponse>(HttpRequest& request)>;
/// A function around the handlers of an App: it may answer by itself, change the request before, or the response after. Ready-made
/// ones are in jina/middleware.hpp. Request and context outlive the Task.
using Middleware = std::function<Task<HttpResponse>(HttpRequest& request, RequestContext& context, const Next& next)>;

/// Ends a handler with that status and `{"detail": detail}`: the client gets to see it. Any other exception is a 500 that names
/// only an id, which the log has too.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, boost::json::value detail, Metadata headers = {});
  template <class Text>
    requires std::is_convertible_v<const Text&, std::string_view>
  HttpError(int status, const Text& detail, Metadata headers = {})
      : HttpError(status, boost::json::value(boost::json::string_view(std::string_view(detail))), std::move(headers)) {}
  ~HttpError() override;

  int status() const noexcept { return status_; }
  const boost::json::value& detail() const noexcept { return detail_; }
  const Metadata& headers() const noexcept { return headers_; }

 private:
  int status_;
  boost::json::value detail_;
  Metadata headers_;
};

/// A file of a multipart form: a member of the struct in Form<T>; std::vector of it for `<input type="file" multiple>`.
struct UploadFile {
  std::string filename;      ///< as the client named it: never a path to write to
  std::string content_type;  ///< as the client said, may be empty
  Metadata headers{};        ///< of its part; names in lower case
  Bytes content{};           ///< shares the memory of the request's body
};

/// Returned by a handler: the file as the answer, with its media type, ETag, ranges and 304; 404 when it is not there.
struct File {
  std::filesystem::path path;
  std::string media_type{};     ///< empty: by the name's ending
  std::string download_name{};  ///< not empty: browsers save it under this name
};

/// Returned by a handler: a status and nothing else, or with a body: `co_return jina::With{201, item}`.
template <class T>
struct With {
  int status;
  T body;
  Metadata headers{};
};
struct HttpStatus {
  int status;
};

/// Taken by a handler that streams its body: `Task<void> dump(Query<Ask> ask, jina::ChunkWriter& out)`. The head goes out with the
/// first chunk.
class ChunkWriter {
 public:
  virtual ~ChunkWriter() = default;
  /// Before the first chunk only; "application/octet-stream" unless set.
  virtual void set_status(int status) = 0;
  virtual void set_header(std::string_view name, std::string value) = 0;
  /// Waits while the client is slow. False when it is gone: stop producing.
  virtual Task<bool> write(std::string chunk) = 0;
};

/// Taken by a handler that answers with server-sent events (text/event-stream): `Task<void> tokens(jina::EventWriter& out)`.
/// A comment is sent every 15 seconds of silence, so that proxies keep the connection.
class EventWriter {
 public:
  virtual ~EventWriter() = default;
  /// `event` may be empty; `data` may have several lines. Waits while the client is slow; false when it is gone.
  virtual Task<bool> send(std::string event, std::string data, std::string id = {}) = 0;
  /// The id of the last event that this client had seen when it came back, or "".
  virtual const std::string& last_event_id() const noexcept = 0;
};

struct WebSocketText {
  std::string payload;
  bool binary = false;
};

/// Taken by the handler of App::websocket: an accepted connection. Returning closes it with 1000.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// The next message; nullopt when the peer closed or is gone. One at a time.
  virtual Task<std::optional<WebSocketText>> read() = 0;
  /// Waits while the client is slow; false when it is gone.
  virtual Task<bool> send(std::string text) = 0;
  virtual Task<bool> send_binary(std::string bytes) = 0;
  /// `reason` is cut to 123 bytes of UTF-8.
  virtual Task<void> close(std::uint16_t code = 1000, std::string reason = {}) = 0;
};

}  // namespace jina
