#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <filesystem>

#include "config/load.hpp"
#include "exporter/compose.hpp"
#include "exporter/diagram.hpp"
#include "exporter/kubernetes.hpp"
#include "exporter/yaml_text.hpp"

namespace jina::exporter {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

flow::FlowSpec flow_of(const std::string& text) {
  auto document = config::load_text(text, "flow.yml", std::filesystem::temp_directory_path());
  EXPECT_TRUE(document.ok());
  auto flow = flow::parse_flow(*document);
  EXPECT_TRUE(flow.ok()) << flow.error().message;
  return std::move(*flow);
}

std::string file_of(const Export& all, const std::string& path) {
  for (const auto& file : all.files)
    if (file.path == path) return file.text;
  ADD_FAILURE() << "no " << path;
  return "";
}

TEST(YamlText, QuotesWhatIsNoPlainText) {
  const auto value = boost::json::parse(
      R"({"a":"plain","b":"true","c":"12","d":"","e":"a: b","f":"it's","g":"--name","h":"8081:8081","i":"- x","j":"@x","k":"x\ny\n","l":"ü","m":"no"})");
  EXPECT_EQ(
      yaml_text(value),
      "a: plain\nb: 'true'\nc: '12'\nd: ''\ne: 'a: b'\nf: 'it''s'\ng: --name\nh: '8081:8081'\ni: '- x'\nj: '@x'\nk: |\n  x\n  "
      "y\nl: \"ü\"\nm: 'no'\n");
}

TEST(YamlText, IsReadBackAsItWas) {
  const auto value = boost::json::parse(
      R"({"list":[1,-2.5,true,null,"x",[],{}],"nested":[{"a":{"b":["c"]},"d":1},{"e":[{"f":2}]}],"text":"{\"a\": 'b'}","lines":"one\n\n  two\nthree"})");
  auto document = config::load_text(yaml_text(value), "text", {});
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(document->root.to_json(), value);
}

TEST(DnsName, IsOneLabel) {
  EXPECT_EQ(dns_name("Enc_A/head"), "enc-a-head");
  EXPECT_EQ(dns_name("_x_"), "x");
}

TEST(Kubernetes, NamesOfImagesKeepTheirRegistry) {
  const auto flow = flow_of("jtype: Flow\nwith: {name: shop}\n");
  const auto names = image_names(flow, {.flow_image = "registry:5000/shop"});
  EXPECT_EQ(names.python, "registry:5000/shop-python");
  EXPECT_EQ(image_names(flow, {}).flow, "shop:latest");
}

TEST(Kubernetes, HeadsKnowTheirShardsAndWhatIsAroundThem) {
  const auto flow = flow_of(
      "jtype: Flow\nwith: {name: shop}\nexecutors:\n  - {name: idx, uses: 'docker://me/idx', shards: 2, uses_before: "
      "'docker://me/before'}\n");
  auto made = export_kubernetes(flow, {});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(file_of(*made, "idx/idx-head.yml"), AllOf(HasSubstr("name: uses-before"), HasSubstr("127.0.0.1:8078"),
                                                        HasSubstr("idx-1.shop.svc:8080"), HasSubstr("HeadRuntime")));
  EXPECT_THAT(file_of(*made, "idx/idx-1.yml"), AllOf(HasSubstr("clusterIP: None"), HasSubstr("image: me/idx")));
  EXPECT_THAT(file_of(*made, "gateway/gateway.yml"),
              AllOf(HasSubstr("grpc://idx-head.shop.svc:8080"), Not(HasSubstr("clusterIP"))));
}

TEST(Kubernetes, AnExternalExecutorOnThisMachineIsWarnedAbout) {
  const auto flow = flow_of("jtype: Flow\nexecutors:\n  - {name: ext, external: true, host: localhost, port: 12}\n");
  auto made = export_kubernetes(flow, {});
  ASSERT_TRUE(made.ok());
  EXPECT_THAT(made->warnings, Contains(HasSubstr("flow.yml:3:")));
}

TEST(Compose, AnExternalExecutorOnThisMachineIsReached) {
  const auto flow = flow_of("jtype: Flow\nexecutors:\n  - {name: ext, external: true, host: localhost, port: 12}\n");
  auto made = export_compose(flow, {}, "docker-compose.yml");
  ASSERT_TRUE(made.ok());
  EXPECT_THAT(made->files.front().text, AllOf(HasSubstr("grpc://host.docker.internal:12"), HasSubstr("host-gateway")));
}

TEST(Diagram, LayersRunForwardAndBoxesDoNotOverlap) {
  const auto flow = flow_of(
      "jtype: Flow\nexecutors:\n  - {name: a}\n  - {name: b, needs: gateway}\n  - {name: c, needs: gateway}\n  - {name: d, needs: "
      "[a, b]}\n  - {name: e, needs: [c, d]}\n  - {name: f, needs: a, floating: true}\n");
  for (const bool vertical : {false, true}) {
    auto diagram = make_diagram(flow, vertical);
    for (auto& box : diagram.boxes) box.width = 100, box.height = 50;
    place(diagram);
    for (const auto& line : diagram.lines) {
      const auto& from = diagram.boxes[line.from];
      const auto& to = diagram.boxes[line.to];
      EXPECT_LT(vertical ? from.y : from.x, vertical ? to.y : to.x) << from.id << " to " << to.id;
    }
    for (const auto& a : diagram.boxes)
      for (const auto& b : diagram.boxes)
        if (&a != &b) {
          EXPECT_FALSE(std::abs(a.x - b.x) < 100 && std::abs(a.y - b.y) < 50) << a.id << " lies on " << b.id;
        }
    for (const auto& box : diagram.boxes) {
      EXPECT_GE(box.x, 50);
      EXPECT_LE(box.x, diagram.width - 50);
      EXPECT_LE(box.y, diagram.height - 25);
    }
  }
}

TEST(Diagram, TextsAreEscaped) {
  const auto flow = flow_of("jtype: Flow\nwith: {name: 'a <b> & \"c\"'}\nexecutors:\n  - {name: x, when: {tags__n: {$lt: 3}}}\n");
  const auto diagram = make_diagram(flow, false);
  EXPECT_THAT(to_svg(diagram), AllOf(HasSubstr("a &lt;b&gt; &amp; &quot;c&quot;"), HasSubstr("when tags__n &lt; 3")));
  EXPECT_THAT(to_mermaid(diagram), AllOf(HasSubstr("box_x(\"<b>x</b>"), HasSubstr("tags__n #lt; 3")));
}

}  // namespace
}  // namespace jina::exporter
