// Tokens signed here with OpenSSL, and everything that somebody may do to them.
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "app/app_test_support.hpp"
#include "app/middleware/jwt_token.hpp"
#include "base/base64.hpp"
#include "base/clock.hpp"
#include "jina/middleware.hpp"

namespace jina::app::testing {
namespace {

using ::testing::HasSubstr;

const std::string kSecret = "a secret of at least 32 bytes, like this";

std::string base64url(std::string_view data) {
  std::string text = base64_encode(data);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string hmac(std::string_view key, const std::string& text, const EVP_MD* hash = EVP_sha256()) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(hash, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), out,
       &size);
  return {reinterpret_cast<char*>(out), size};
}

std::string unsigned_token(const std::string& header, const std::string& claims) {
  return base64url(header) + "." + base64url(claims);
}

std::string hs256(const std::string& claims, std::string_view key = kSecret,
                  const std::string& header = R"({"alg":"HS256","typ":"JWT"})") {
  const std::string text = unsigned_token(header, claims);
  return text + "." + base64url(hmac(key, text));
}

class PrivateKey {
 public:
  explicit PrivateKey(EVP_PKEY* key) : key_(key) {}
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
  ~PrivateKey() { EVP_PKEY_free(key_); }
  std::string public_pem() const {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, key_);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return pem;
  }
  std::string sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    std::size_t size = 1024;
    std::string out(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    out.resize(size);
    EVP_MD_CTX_free(context);
    return out;
  }
  // As JOSE has it: two numbers of 32 bytes.
  std::string sign_es256(const std::string& text) const {
    const std::string der = sign(text);
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* numbers = d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()));
    std::string out(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(numbers), reinterpret_cast<unsigned char*>(out.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(numbers), reinterpret_cast<unsigned char*>(out.data()) + 32, 32);
    ECDSA_SIG_free(numbers);
    return out;
  }

 private:
  EVP_PKEY* key_;
};

const PrivateKey& rsa() {
  static const PrivateKey key(EVP_RSA_gen(2048));
  return key;
}
const PrivateKey& ec() {
  static const PrivateKey key(EVP_EC_gen("P-256"));
  return key;
}

TEST(JwtKeys, TheExampleOfRfc7515) {
  const std::string key =
      *base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const JwtKeys keys(key, "", {});
  const auto claims = keys.verify(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"
      "VlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->at("iss"), "joe");
}

TEST(JwtKeys, EveryChangedCharacterIsRefused) {
  const JwtKeys keys(kSecret, "", {});
  const std::string token = hs256(R"({"sub":"alice","admin":false})");
  ASSERT_TRUE(keys.verify(token));
  for (std::size_t at = 0; at + 1 < token.size(); ++at) {  // the last character of the signature has bits that mean nothing
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(keys.verify(changed)) << at;
    EXPECT_FALSE(keys.verify(token.substr(0, at))) << at;
    EXPECT_FALSE(keys.verify(token.substr(0, at) + "." + token.substr(at))) << at;
  }
  EXPECT_FALSE(keys.verify(token + "="));
  EXPECT_FALSE(keys.verify(token + ".x"));
  EXPECT_FALSE(keys.verify(hs256(R"({"a":1})", std::string(40, 'x'))));
  EXPECT_FALSE(keys.verify(hs256(R"([1])")));
  EXPECT_FALSE(keys.verify(hs256("nonsense")));
  EXPECT_FALSE(keys.verify(hs256("{}", kSecret, R"({"alg":"HS256","crit":["b64"],"b64":false})")));
  EXPECT_FALSE(keys.verify(hs256("{}", kSecret, R"({"alg":["HS256"]})")));
  EXPECT_FALSE(keys.verify(hs256("{\"x\":\"" + std::string(20'000, 'x') + "\"}")));
  EXPECT_FALSE(keys.verify(hs256(std::string(10'000, '['))));
}

TEST(JwtKeys, NoneIsNoAlgorithm) {
  const JwtKeys keys(kSecret, "", {});
  for (const char* name : {"none", "None", "NONE", "nOnE", "", "HS384", "RS256"}) {
    const std::string text = unsigned_token(std::string(R"({"alg":")") + name + "\"}", "{}");
    EXPECT_FALSE(keys.verify(text + ".")) << name;
    EXPECT_FALSE(keys.verify(text)) << name;
    EXPECT_FALSE(keys.verify(text + "." + base64url(hmac(kSecret, text)))) << name;
  }
  EXPECT_THAT(refused([] { JwtKeys(kSecret, "", {"none"}); }), HasSubstr("not one of"));
}

TEST(JwtKeys, PublicKeys) {
  const JwtKeys rsa_keys("", rsa().public_pem(), {});
  const std::string rs = unsigned_token(R"({"alg":"RS256"})", R"({"sub":"a"})");
  EXPECT_TRUE(rsa_keys.verify(rs + "." + base64url(rsa().sign(rs))));
  const JwtKeys ec_keys("", ec().public_pem(), {});
  const std::string es = unsigned_token(R"({"alg":"ES256"})", R"({"sub":"a"})");
  const std::string signature = ec().sign_es256(es);
  EXPECT_TRUE(ec_keys.verify(es + "." + base64url(signature)));
  EXPECT_FALSE(ec_keys.verify(es + "." + base64url(ec().sign(es))));          // DER
  EXPECT_FALSE(ec_keys.verify(es + "." + base64url(std::string(64, '\0'))));  // CVE-2022-21449
  EXPECT_FALSE(ec_keys.verify(es + "." + base64url(signature.substr(0, 63))));
  EXPECT_FALSE(ec_keys.verify(rs + "." + base64url(ec().sign_es256(rs))));
  std::string changed = signature;
  changed[40] = static_cast<char>(changed[40] ^ 1);
  EXPECT_FALSE(ec_keys.verify(es + "." + base64url(changed)));
}

TEST(JwtKeys, APublicKeyIsNoSecret) {
  // The classic: HS256 with the text of the public key as the secret.
  const std::string pem = rsa().public_pem();
  const JwtKeys keys("", pem, {});
  EXPECT_FALSE(keys.verify(hs256(R"({"sub":"root"})", pem)));
  const JwtKeys both(kSecret, pem, {"HS256", "RS256"});
  EXPECT_FALSE(both.verify(hs256(R"({"sub":"root"})", pem)));
  EXPECT_TRUE(both.verify(hs256(R"({"sub":"alice"})")));
}

TEST(JwtKeys, WrongKeysAreRefusedAtSetup) {
  EXPECT_THAT(refused([] { JwtKeys("", "", {}); }), HasSubstr("neither"));
  EXPECT_THAT(refused([] { JwtKeys("short", "", {}); }), HasSubstr("less than 32"));
  EXPECT_THAT(refused([] { JwtKeys(rsa().public_pem(), "", {}); }), HasSubstr("public_key"));
  EXPECT_THAT(refused([] { JwtKeys("", "nonsense", {}); }), HasSubstr("no PEM"));
  EXPECT_THAT(refused([] { JwtKeys("", rsa().public_pem(), {"HS256"}); }), HasSubstr("no key for"));
  EXPECT_THAT(refused([] { JwtKeys("", rsa().public_pem(), {"ES256"}); }), HasSubstr("no key for"));
  const PrivateKey small(EVP_RSA_gen(1024)), curve(EVP_EC_gen("P-384"));
  EXPECT_THAT(refused([&] { JwtKeys("", small.public_pem(), {}); }), HasSubstr("2048"));
  EXPECT_THAT(refused([&] { JwtKeys("", curve.public_pem(), {}); }), HasSubstr("P-256"));
}

class JwtMiddleware : public ::testing::Test {
 protected:
  void use(middleware::JwtOptions options) {
    options.secret = kSecret;
    options.clock = &clock;
    fixture.app.use(middleware::jwt(std::move(options)));
    fixture.app.get("/me", [](const HttpRequest& request) { return request.attributes.at("jwt"); });
    fixture.app.get("/open", [] { return 1; });
  }
  std::string ask(const std::string& claims) { return fixture.get("/me", {{"authorization", "Bearer " + hs256(claims)}}); }
  ManualClock clock{std::int64_t{1'000'000} * 1'000'000'000};
  AppFixture fixture;
};

TEST_F(JwtMiddleware, ClaimsReachTheHandler) {
  use({.query = "token", .open = {"/open"}});
  EXPECT_EQ(ask(R"({"sub":"alice","exp":1000001})"), R"(200 {"sub":"alice","exp":1000001})");
  EXPECT_EQ(fixture.send("GET", "/me?token=" + hs256(R"({"exp":1000001})")).status, 200);
  EXPECT_EQ(fixture.get("/open"), "200 1");
  const http::Response none = fixture.send("GET", "/me");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.body.str(), R"({"detail":"Not authenticated"})");
  EXPECT_EQ(header(none, "www-authenticate"), "Bearer");
  const http::Response wrong = fixture.send("GET", "/me", {}, {{"authorization", "Bearer a.b.c"}});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(header(wrong, "www-authenticate"), "Bearer error=\"invalid_token\", error_description=\"Invalid token\"");
  EXPECT_EQ(fixture.send("GET", "/me", {}, {{"authorization", "Basic YTpi"}}).status, 401);
}

TEST_F(JwtMiddleware, Times) {
  use({});
  EXPECT_THAT(ask(R"({"exp":1000000})"), HasSubstr("expired"));
  EXPECT_THAT(ask(R"({"exp":1000000.5})"), HasSubstr("200"));
  EXPECT_THAT(ask(R"({})"), HasSubstr(R"(no \"exp\")"));
  EXPECT_THAT(ask(R"({"exp":"never"})"), HasSubstr("Invalid token"));
  EXPECT_THAT(ask(R"({"exp":null})"), HasSubstr("Invalid token"));
  EXPECT_THAT(ask(R"({"exp":-1})"), HasSubstr("expired"));
  EXPECT_THAT(ask(R"({"exp":18446744073709551615})"), HasSubstr("200"));
  EXPECT_THAT(ask(R"({"exp":1000001,"nbf":1000001})"), HasSubstr("not valid yet"));
  EXPECT_THAT(ask(R"({"exp":1000001,"iat":1000001})"), HasSubstr("not valid yet"));
  EXPECT_THAT(ask(R"({"exp":1000001,"nbf":1000000,"iat":1000000})"), HasSubstr("200"));
}

TEST_F(JwtMiddleware, LeewayIssuerAudience) {
  use({.issuer = "me", .audience = {"this", "that"}, .required = {}, .leeway = std::chrono::seconds(10)});
  EXPECT_THAT(ask(R"({"iss":"me","aud":"this","exp":999991})"), HasSubstr("200"));
  EXPECT_THAT(ask(R"({"iss":"me","aud":"this","exp":999990})"), HasSubstr("expired"));
  EXPECT_THAT(ask(R"({"iss":"me","aud":["x","that"],"nbf":1000010})"), HasSubstr("200"));
  EXPECT_THAT(ask(R"({"iss":"you","aud":"this"})"), HasSubstr("another issuer"));
  EXPECT_THAT(ask(R"({"aud":"this"})"), HasSubstr("another issuer"));
  EXPECT_THAT(ask(R"({"iss":"me"})"), HasSubstr("another audience"));
  EXPECT_THAT(ask(R"({"iss":"me","aud":[]})"), HasSubstr("another audience"));
  EXPECT_THAT(ask(R"({"iss":"me","aud":{"this":1}})"), HasSubstr("another audience"));
}

TEST_F(JwtMiddleware, ATokenForSomebodyElse) {
  use({});
  EXPECT_THAT(ask(R"({"exp":1000001,"aud":"other"})"), HasSubstr("another audience"));
}

}  // namespace
}  // namespace jina::app::testing
