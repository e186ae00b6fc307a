#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

namespace {

struct Options {
  std::string title = "Search";
};
BOOST_DESCRIBE_STRUCT(Options, (), (title))

class MyGateway : public jina::HttpGateway {
 public:
  explicit MyGateway(Options) {}
};

}  // namespace

JINA_MODULE(registry) { registry.add<MyGateway>("MyGateway"); }
