// The extension -> type pairs that Python's mimetypes module knows without any file of the system.
#include "document/mime_types.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace jina {
namespace {

struct Pair {
  std::string_view extension;
  std::string_view type;
};

// Sorted by extension.
constexpr auto kTypes = std::to_array<Pair>({
    {".3g2", "audio/3gpp2"},
    {".3gp", "audio/3gpp"},
    {".3gpp", "audio/3gpp"},
    {".3gpp2", "audio/3gpp2"},
    {".a", "application/octet-stream"},
    {".aac", "audio/aac"},
    {".adts", "audio/aac"},
    {".ai", "application/postscript"},
    {".aif", "audio/x-aiff"},
    {".aifc", "audio/x-aiff"},
    {".aiff", "audio/x-aiff"},
    {".ass", "audio/aac"},
    {".au", "audio/basic"},
    {".avi", "video/x-msvideo"},
    {".avif", "image/avif"},
    {".bat", "text/plain"},
    {".bcpio", "application/x-bcpio"},
    {".bin", "application/octet-stream"},
    {".bmp", "image/bmp"},
    {".c", "text/plain"},
    {".cdf", "application/x-netcdf"},
    {".cpio", "application/x-cpio"},
    {".csh", "application/x-csh"},
    {".css", "text/css"},
    {".csv", "text/csv"},
    {".dll", "application/octet-stream"},
    {".doc", "application/msword"},
    {".dot", "application/msword"},
    {".dvi", "application/x-dvi"},
    {".eml", "message/rfc822"},
    {".eps", "application/postscript"},
    {".etx", "text/x-setext"},
    {".exe", "application/octet-stream"},
    {".gif", "image/gif"},
    {".gtar", "application/x-gtar"},
    {".h", "text/plain"},
    {".h5", "application/x-hdf5"},
    {".hdf", "application/x-hdf"},
    {".heic", "image/heic"},
    {".heif", "image/heif"},
    {".htm", "text/html"},
    {".html", "text/html"},
    {".ico", "image/vnd.microsoft.icon"},
    {".ief", "image/ief"},
    {".jpe", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".js", "application/javascript"},
    {".json", "application/json"},
    {".ksh", "text/plain"},
    {".latex", "application/x-latex"},
    {".loas", "audio/aac"},
    {".m1v", "video/mpeg"},
    {".m3u", "application/vnd.apple.mpegurl"},
    {".m3u8", "application/vnd.apple.mpegurl"},
    {".man", "application/x-troff-man"},
    {".me", "application/x-troff-me"},
    {".mht", "message/rfc822"},
    {".mhtml", "message/rfc822"},
    {".mif", "application/x-mif"},
    {".mjs", "application/javascript"},
    {".mov", "video/quicktime"},
    {".movie", "video/x-sgi-movie"},
    {".mp2", "audio/mpeg"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".mpa", "video/mpeg"},
    {".mpe", "video/mpeg"},
    {".mpeg", "video/mpeg"},
    {".mpg", "video/mpeg"},
    {".ms", "application/x-troff-ms"},
    {".n3", "text/n3"},
    {".nc", "application/x-netcdf"},
    {".nq", "application/n-quads"},
    {".nt", "application/n-triples"},
    {".nws", "message/rfc822"},
    {".o", "application/octet-stream"},
    {".obj", "application/octet-stream"},
    {".oda", "application/oda"},
    {".opus", "audio/opus"},
    {".p12", "application/x-pkcs12"},
    {".p7c", "application/pkcs7-mime"},
    {".pbm", "image/x-portable-bitmap"},
    {".pdf", "application/pdf"},
    {".pfx", "application/x-pkcs12"},
    {".pgm", "image/x-portable-graymap"},
    {".pl", "text/plain"},
    {".png", "image/png"},
    {".pnm", "image/x-portable-anymap"},
    {".pot", "application/vnd.ms-powerpoint"},
    {".ppa", "application/vnd.ms-powerpoint"},
    {".ppm", "image/x-portable-pixmap"},
    {".pps", "application/vnd.ms-powerpoint"},
    {".ppt", "application/vnd.ms-powerpoint"},
    {".ps", "application/postscript"},
    {".pwz", "application/vnd.ms-powerpoint"},
    {".py", "text/x-python"},
    {".pyc", "application/x-python-code"},
    {".pyo", "application/x-python-code"},
    {".qt", "video/quicktime"},
    {".ra", "audio/x-pn-realaudio"},
    {".ram", "application/x-pn-realaudio"},
    {".ras", "image/x-cmu-raster"},
    {".rdf", "application/xml"},
    {".rgb", "image/x-rgb"},
    {".roff", "application/x-troff"},
    {".rtx", "text/richtext"},
    {".sgm", "text/x-sgml"},
    {".sgml", "text/x-sgml"},
    {".sh", "application/x-sh"},
    {".shar", "application/x-shar"},
    {".snd", "audio/basic"},
    {".so", "application/octet-stream"},
    {".src", "application/x-wais-source"},
    {".srt", "text/plain"},
    {".sv4cpio", "application/x-sv4cpio"},
    {".sv4crc", "application/x-sv4crc"},
    {".svg", "image/svg+xml"},
    {".swf", "application/x-shockwave-flash"},
    {".t", "application/x-troff"},
    {".tar", "application/x-tar"},
    {".tcl", "application/x-tcl"},
    {".tex", "application/x-tex"},
    {".texi", "application/x-texinfo"},
    {".texinfo", "application/x-texinfo"},
    {".tif", "image/tiff"},
    {".tiff", "image/tiff"},
    {".tr", "application/x-troff"},
    {".trig", "application/trig"},
    {".tsv", "text/tab-separated-values"},
    {".txt", "text/plain"},
    {".ustar", "application/x-ustar"},
    {".vcf", "text/x-vcard"},
    {".vtt", "text/vtt"},
    {".wasm", "application/wasm"},
    {".wav", "audio/x-wav"},
    {".webm", "video/webm"},
    {".webmanifest", "application/manifest+json"},
    {".wiz", "application/msword"},
    {".wsdl", "application/xml"},
    {".xbm", "image/x-xbitmap"},
    {".xlb", "application/vnd.ms-excel"},
    {".xls", "application/vnd.ms-excel"},
    {".xml", "text/xml"},
    {".xpdl", "application/xml"},
    {".xpm", "image/x-xpixmap"},
    {".xsl", "application/xml"},
    {".xwd", "image/x-xwindowdump"},
    {".zip", "application/zip"},
});
static_assert(std::is_sorted(kTypes.begin(), kTypes.end(), [](const Pair& a, const Pair& b) { return a.extension < b.extension; }));

// Short forms of two extensions, looked up in lower case.
constexpr auto kSuffixes = std::to_array<Pair>({
    {".svgz", ".svg.gz"},
    {".tgz", ".tar.gz"},
    {".taz", ".tar.gz"},
    {".tz", ".tar.gz"},
    {".tbz2", ".tar.bz2"},
    {".txz", ".tar.xz"},
});
constexpr std::array<std::string_view, 5> kEncodings = {".gz", ".Z", ".bz2", ".xz", ".br"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The last extension of the last path component, dot included; leading dots of a file name are no extension.
std::pair<std::string_view, std::string_view> split_extension(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t name = slash == std::string_view::npos ? 0 : slash + 1;
  const std::size_t dot = path.rfind('.');
  const std::size_t first_other = path.find_first_not_of('.', name);
  if (dot == std::string_view::npos || dot < name || first_other == std::string_view::npos || dot < first_other) return {path, {}};
  return {path.substr(0, dot), path.substr(dot)};
}

std::string_view type_of_data_uri(std::string_view rest) {
  const std::size_t comma = rest.find(',');
  if (comma == std::string_view::npos) return {};
  const std::string_view type = rest.substr(0, std::min(comma, rest.find(';')));
  if (type.find('=') != std::string_view::npos || type.find('/') == std::string_view::npos) return "text/plain";
  return type;
}

}  // namespace

std::string guess_mime_type(std::string_view uri) {
  // "scheme:rest", where a slash may not stand before the colon.
  const std::size_t colon = uri.find_first_of("/:");
  if (colon != std::string_view::npos && colon > 0 && uri[colon] == ':') {
    const std::string scheme = lower(uri.substr(0, colon));
    uri.remove_prefix(colon + 1);
    if (scheme == "data") return std::string(type_of_data_uri(uri));
  }
  auto [base, extension] = split_extension(uri);
  std::string rewritten;
  const auto suffix =
      std::find_if(kSuffixes.begin(), kSuffixes.end(), [&, e = lower(extension)](const Pair& pair) { return pair.extension == e; });
  if (suffix != kSuffixes.end()) {
    rewritten = std::string(base).append(suffix->type);
    std::tie(base, extension) = split_extension(rewritten);
  }
  if (std::find(kEncodings.begin(), kEncodings.end(), extension) != kEncodings.end())
    std::tie(base, extension) = split_extension(base);
  const std::string wanted = lower(extension);
  const auto found = std::lower_bound(kTypes.begin(), kTypes.end(), wanted,
                                      [](const Pair& pair, const std::string& key) { return pair.extension < key; });
  return found != kTypes.end() && found->extension == wanted ? std::string(found->type) : std::string();
}

bool is_known_mime_type(std::string_view type) noexcept {
  return std::any_of(kTypes.begin(), kTypes.end(), [&](const Pair& pair) { return pair.type == type; });
}

}  // namespace jina
