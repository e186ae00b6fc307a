// App: the HTTP side of a gateway (counterpart of a FastAPI app): which function serves which path, with middleware, error answers,
// files, WebSockets, and the pages /docs, /redoc and /openapi.json made from the functions' types.
//
//   struct Ask { std::string text; int top_k = 10; };
//   BOOST_DESCRIBE_STRUCT(Ask, (), (text, top_k))
//
//   app.title("Text gateway");
//   app.get("/", &TextGateway::answer);                       // jina::Task<Answer> answer(jina::Query<Ask> ask);
//   app.post("/items/{id}", &TextGateway::put).says("Stores an item").tag("items").status(201);
//   app.get("/version", [] { return std::string("1.0"); });
//
// A handler is a member function of the class that owns the App, a member function of another object, a function or a function
// object. It takes, in any order:
//   Query<T> Path<T> Header<T> Cookie<T> Form<T>   a described struct (jina/described.hpp), its members by name;
//                                                  Header: x_api_key is the header x-api-key
//   Json<T>                     the body: a described struct, Document, DocumentArray, boost::json::value, or a vector, map or
//   optional const HttpRequest&          the request as it came RequestContext&             its deadline, cancellation and metadata
//   ChunkWriter&, EventWriter&  to answer piece by piece; the handler returns Task<void>
// and returns a described struct (JSON), Document, DocumentArray, boost::json::value, a vector or map, a number; std::string (plain
// text), Bytes, File, HttpStatus, HttpResponse; With<T> (status and headers with one of them); std::optional of one of them
// (nullopt is 404); void (204); or a Task of any of these.
//
// Input that is missing or wrong never reaches the handler: the answer is 422 with every problem, as FastAPI words it. A handler
// that throws HttpError chooses its answer; so does on_error<E>. Any other exception is a 500 that tells the client an id and
// nothing more; the log has the same id with the exception's text, the route and the class.
//
// Paths: "/items/{id}" takes one segment, "/files/{rest:path}" all that is left; literal segments win over parameters. A path that
// only differs in its final slash is redirected (307), a method that the path does not have is 405.
//
// Thread: filled by one thread before the server starts. Plain handlers and coroutines run on the gateway's I/O thread;
// `.blocking()` moves a plain handler to a worker thread. Lifetime: outlives the server; objects that handlers are called on
// outlive the App. Cancellation: a client that went away cancels the RequestContext; the handler still runs to its end.
#pragma once
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "jina/app_error_handler.hpp"
#include "jina/app_operation.hpp"
#include "jina/document.hpp"
#include "jina/http.hpp"

namespace jina {

template <class T>
using Query = Given<T, app::Source::kQuery>;  ///< of the URL: `?text=hello&top_k=3`; a name that comes several times fills a vector
template <class T>
using Path = Given<T, app::Source::kPath>;  ///< every member is a {parameter} of the route's path
template <class T>
using Header = Given<T, app::Source::kHeader>;
template <class T>
using Cookie = Given<T, app::Source::kCookie>;
template <class T>
using Form = Given<T, app::Source::kForm>;  ///< application/x-www-form-urlencoded or multipart/form-data
template <class T>
using Json = Given<T, app::Source::kJson>;

namespace app {
class AppHandler;
struct AppState;
struct RouteInfo;
}  // namespace app

/// What was wrong with a request's input, for on_error<InvalidInput>; 422 `{"detail": [{"loc", "msg", "type"}]}` without one.
class InvalidInput : public std::exception {
 public:
  explicit InvalidInput(std::vector<InputError> errors) : errors_(std::move(errors)) {}
  const std::vector<InputError>& errors() const noexcept { return errors_; }
  const char* what() const noexcept override { return "the request's input is not valid"; }

 private:
  std::vector<InputError> errors_;
};

/// Base of a class whose own member functions are handlers; jina::HttpGateway is one.
class AppOwner {
 public:
  virtual ~AppOwner() = default;
};

/// A route that was added: what /docs says of it, and how it is run. A handle: copy it freely, it is valid as long as the App.
class Route {
 public:
  explicit Route(app::RouteInfo& info) noexcept : info_(&info) {}

  Route says(std::string summary) const;
  Route description(std::string markdown) const;
  Route tag(std::string tag) const;
  /// Of an answer without trouble; 200 unless set, 204 for handlers that return nothing.
  Route status(int status) const;
  /// Start of the operation id: name, path and method make it. The path alone without.
  Route name(std::string name) const;
  /// The whole of it: what generated clients call the operation.
  Route operation_id(std::string id) const;
  Route deprecated(bool is = true) const;
  /// Not in /openapi.json.
  Route hidden(bool is = true) const;
  /// Another answer that clients should expect: `.response(409, "There is one already")`, `.response<Problem>(409, "...")`.
  Route response(int status, std::string description) const { return add_response(status, std::move(description), nullptr); }
  template <class T>
  Route response(int status, std::string description) const {
    return add_response(status, std::move(description), &described::type_of<T>());
  }
  /// Runs the handler on a worker thread, for one that computes or waits longer than a few milliseconds. Plain handlers only.
  Route blocking(bool is = true) const;
  /// WebSocket routes: what this handler speaks, best first; the first one that the client offers is agreed on.
  Route subprotocols(std::vector<std::string> names) const;

 private:
  Route add_response(int status, std::string description, const described::TypeInfo* type) const;
  app::RouteInfo* info_;
};

struct MountOptions {
  std::string index = "index.html";  ///< what a folder shows; "": folders are 404
  bool hidden = false;               ///< serve names that begin with a dot
  std::string cache_control{};       ///< "public, max-age=3600"; browsers ask whether a file changed when there is none
};

class App {
 public:
  /// `owner`: whose member functions are handlers without saying an object.
  explicit App(AppOwner* owner = nullptr);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  App& title(std::string title);
  App& description(std::string markdown);
  App& version(std::string version);
  /// Explains a tag in /docs.
  App& tag(std::string name, std::string description);
  /// Where the pages are: "/docs", "/redoc", "/openapi.json" unless set; "" turns one off. Without the last there is none of them.
  App& docs_url(std::string path);
  App& redoc_url(std::string path);
  App& openapi_url(std::string path);

  /// Adds a route. Throws std::invalid_argument, naming route and parameter, for one that cannot work: a path that is malformed or
  /// taken, a Path<T> with a member that the path does not have, two bodies. `object` is what a member function is called on when
  /// that is not the owner of the App: a variable, a pointer or a std::shared_ptr.
  template <class F, class... Object>
  Route get(std::string path, F handler, Object&&... object) {
    return route({"GET"}, std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  template <class F, class... Object>
  Route post(std::string path, F handler, Object&&... object) {
    return route({"POST"}, std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  template <class F, class... Object>
  Route put(std::string path, F handler, Object&&... object) {
    return route({"PUT"}, std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  template <class F, class... Object>
  Route patch(std::string path, F handler, Object&&... object) {
    return route({"PATCH"}, std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  template <class F, class... Object>
  Route del(std::string path, F handler, Object&&... object) {
    return route({"DELETE"}, std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  template <class F, class... Object>
  Route head(std::string path, F handler, Object&&... object) {
    return route({"HEAD"}, std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  template <class F, class... Object>
  Route options(std::string path, F handler, Object&&... object) {
    return route({"OPTIONS"}, std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  /// One handler for several methods, or for one without a function above.
  template <class F, class... Object>
  Route route(std::vector<std::string> methods, std::string path, F handler, Object&&... object) {
    return add(std::move(methods), std::move(path),
               app::detail::operation_of(owner_, std::move(handler), std::forward<Object>(object)...));
  }
  /// A handler that takes WebSocket& and, if it likes, Query, Path, Header, Cookie, const HttpRequest& and RequestContext&. Wrong
  /// input refuses the handshake with 403. Returning closes with 1000, throwing with 1011.
  template <class F, class... Object>
  Route websocket(std::string path, F handler, Object&&... object) {
    return add_websocket(std::move(path), app::detail::operation_of(owner_, std::move(handler), std::forward<Object>(object)...));
  }

  /// Around all routes of this App and of those mounted in it; the first one added is the outermost. Sees 404s and 405s, and
  /// WebSocket handshakes (next() is then a 101 response whose headers go out with it). Health checks that the runtime adds go past
  /// it.
  App& use(Middleware middleware);
  /// Routes under a prefix, with middleware and error handlers of their own: app.mount("/v2", [](jina::App& v2) { v2.get("/items",
  /// ...); }).
  void mount(std::string prefix, const std::function<void(App&)>& fill);
  /// The files of a folder, GET and HEAD: app.mount_files("/static", "static"). Relative folders are those of the working
  /// directory.
  Route mount_files(std::string prefix, std::filesystem::path folder, MountOptions options = {});
  /// The answer for exceptions of type E from handlers and middleware: app.on_error<NoSuchItem>([](const NoSuchItem& e) { return
  /// jina::HttpResponse::json({{"detail", e.what()}}, 404); }). Of several that fit, the most derived one; those of a mounted App
  /// come before its parent's. on_error<HttpError> is asked for 404 and 405 too, on_error<InvalidInput> for 422.
  template <class E, class F>
  App& on_error(F handler) {
    add_error_handler(app::detail::make_error_handler<E>(std::move(handler)));
    return *this;
  }

 private:
  friend class app::AppHandler;
  App(AppOwner* owner, std::unique_ptr<app::AppState> state);
  Route add(std::vector<std::string> methods, std::string path, app::Operation operation);
  Route add_websocket(std::string path, app::Operation operation);
  void add_error_handler(app::ErrorHandler handler);

  AppOwner* owner_;
  std::unique_ptr<app::AppState> state_;
};

}  // namespace jina
