#include "adapters/slack/signing.hpp"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include "vectors.hpp"

namespace broadsheet::slack {
namespace {

const Moment kNow = *parse_iso("2026-03-02T08:00:00Z");
constexpr std::string_view kBody = "command=%2Farxiv&text=help";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

std::string hmac(const std::string& secret, const std::string& base) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &size);
  std::string out;
  for (auto byte : digest) {
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 0xFU];
  }
  return out;
}

std::string seconds(Moment m) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(m.time_since_epoch()).count());
}

http::Headers signed_by(const std::string& secret, Moment at, std::string_view body = kBody) {
  return {{"Content-Type", std::string(kFormType)},
          {"X-Slack-Request-Timestamp", seconds(at)},
          {"X-Slack-Signature", "v0=" + hmac(secret, "v0:" + seconds(at) + ":" + std::string(body))}};
}

Verifier verifier(const std::vector<std::string>& secrets = {"first"}) {
  std::vector<config::Secret> out;
  for (const auto& s : secrets) out.emplace_back(s);
  return *Verifier::make(out);
}

TEST(Signing, AcceptsWhatAnyConfiguredSecretSigned) {
  auto v = verifier({"old", "new"});
  EXPECT_EQ(v.check(signed_by("old", kNow), kBody, kNow), Proof::accepted);
  EXPECT_EQ(v.check(signed_by("new", kNow), kBody, kNow), Proof::accepted);
  EXPECT_EQ(v.check(signed_by("other", kNow), kBody, kNow), Proof::rejected);
}

TEST(Signing, RefusesToStartWithoutASecret) {
  EXPECT_FALSE(Verifier::make({}));
  EXPECT_FALSE(Verifier::make({config::Secret("good"), config::Secret("")}));
}

TEST(Signing, HoldsAWindowOfFiveMinutesOnBothSides) {
  auto v = verifier();
  auto at = [&](int skew) { return v.check(signed_by("first", kNow), kBody, kNow + std::chrono::seconds(skew)); };
  EXPECT_EQ(at(300), Proof::accepted);
  EXPECT_EQ(at(301), Proof::rejected);
  EXPECT_EQ(at(-300), Proof::accepted);
  EXPECT_EQ(at(-301), Proof::rejected);
  EXPECT_EQ(v.check(signed_by("first", kNow), kBody, kNow + std::chrono::milliseconds(300'900)), Proof::accepted);
}

TEST(Signing, RefusesADoubledHeaderAndCompressedBodies) {
  auto v = verifier();
  auto twice = signed_by("first", kNow);
  twice.push_back(twice.back());
  EXPECT_EQ(v.check(twice, kBody, kNow), Proof::rejected);
  auto packed = signed_by("first", kNow);
  packed.emplace_back("Content-Encoding", "gzip");
  EXPECT_EQ(v.check(packed, kBody, kNow), Proof::rejected);
}

TEST(Signing, AnswersACertificateProbeAndNothingElse) {
  auto v = verifier();
  http::Headers form = {{"Content-Type", std::string(kFormType)}};
  EXPECT_EQ(v.check(form, "ssl_check=1&command=%2Farxiv", kNow), Proof::ssl_check);
  EXPECT_EQ(v.check(form, "ssl_check=1&ssl_check=0", kNow), Proof::rejected);
  EXPECT_EQ(v.check(signed_by("first", kNow, "ssl_check=1"), "ssl_check=1", kNow), Proof::ssl_check);
  EXPECT_EQ(v.check(signed_by("wrong", kNow, "ssl_check=1"), "ssl_check=1", kNow), Proof::rejected);
}

TEST(Signing, GivesTheContractsAnswers) {
  SLACK_VECTORS_OR_SKIP(vectors);
  const auto& signing = vectors["signing"];
  std::size_t checked = 0;
  for (const auto& v : signing["vectors"]) {
    auto secret = v.contains("secret") ? v["secret"].get<std::string>() : signing["default_secret"].get<std::string>();
    auto body = v.contains("body_ref") ? signing["bodies"][v["body_ref"].get<std::string>()] : v["body"];
    http::Headers headers = {{"Content-Type", v["content_type"].get<std::string>()}};
    for (const auto& [name, value] : v["headers"].items()) headers.emplace_back(name, value.get<std::string>());
    auto verdict =
        verifier({secret}).check(headers, body.get<std::string>(), Moment(std::chrono::seconds(v["now"].get<long>())));
    auto expected = v["expect"].get<std::string>();
    EXPECT_EQ(verdict, expected == "accept"   ? Proof::accepted
                       : expected == "reject" ? Proof::rejected
                                              : Proof::ssl_check)
        << v["id"];
    ++checked;
  }
  EXPECT_GE(checked, 49U);
}

}  // namespace
}  // namespace broadsheet::slack
