// App::mount_files.
#include <boost/describe/class.hpp>
#include <stdexcept>

#include "app/files/file_answer.hpp"
#include "app/files/folder.hpp"
#include "jina/app.hpp"
#include "protocol/http/url.hpp"

namespace jina {
namespace {

struct Below {
  std::string rest;
};
BOOST_DESCRIBE_STRUCT(Below, (), (rest))

class FolderHandler {
 public:
  FolderHandler(const std::filesystem::path& path, MountOptions options)
      : folder_(std::make_shared<app::Folder>(path, options.hidden)), options_(std::move(options)) {}

  HttpResponse operator()(const Path<Below>& below, const HttpRequest& request) const {
    const std::string& rest = below->rest;
    app::Folder::Found found = folder_->find(rest);
    std::string name = rest;
    if (found.is_folder && !options_.index.empty()) {
      const bool slash = rest.empty() || rest.back() == '/';
      name = rest + (slash ? "" : "/") + options_.index;
      found = folder_->find(name);
      // Links in the page would miss the folder's name without the slash.
      if (found.file && !slash) return redirect_to_folder(request);
    }
    if (!found.file) throw HttpError(404, "Not Found");
    HttpResponse response;
    const app::FileFacts facts{.media_type = app::media_type_of(name), .cache_control = options_.cache_control};
    app::put_open_file(response, request, *std::move(found.file), facts);
    return response;
  }

 private:
  // Relative: whatever is in front of this server keeps its own names.
  static HttpResponse redirect_to_folder(const HttpRequest& request) {
    std::string location = "./" + http::percent_encode(request.path.substr(request.path.rfind('/') + 1)) + "/";
    if (!request.query.empty()) location += "?" + request.query;
    return HttpResponse::redirect(std::move(location));
  }

  std::shared_ptr<const app::Folder> folder_;
  MountOptions options_;
};

}  // namespace

Route App::mount_files(std::string prefix, std::filesystem::path folder, MountOptions options) {
  if (prefix.empty() || prefix.front() != '/')
    throw std::invalid_argument("mount_files: the prefix \"" + prefix + "\" must start with \"/\"");
  while (prefix.back() == '/' && prefix.size() > 1) prefix.pop_back();
  if (prefix == "/") prefix.clear();
  return route({"GET", "HEAD"}, prefix + "/{rest:path}", FolderHandler(folder, std::move(options))).hidden();
}

}  // namespace jina
