#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl.hpp>
#include <cstdio>
#include <fstream>

#include "bot/net/client.hpp"
#include "tests/unit/net/certificates.hpp"
#include "tests/unit/net/scripted_peer.hpp"

namespace broadsheet::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
namespace ssl = boost::asio::ssl;

constexpr long kDay = 24 * 3600;

struct TlsTest : testing::Test {
  test::Loop loop;
  SystemClock clock;
  async::Offload pool{1};
  std::string ca_file = testing::TempDir() + "broadsheet_ca_" + std::to_string(getpid()) + ".pem";
  int served = 0;

  ~TlsTest() override { std::remove(ca_file.c_str()); }

  // One GET of https://localhost from a server with `shown`, by a client that trusts `trusted` only.
  Outcome get(const test::Certificate& shown, const test::Certificate& trusted, bool verify = true, int version = 0) {
    std::ofstream(ca_file) << trusted.certificate;
    ssl::context context(ssl::context::tls_server);
    context.use_certificate_chain(boost::asio::buffer(shown.certificate));
    context.use_private_key(boost::asio::buffer(shown.key), ssl::context::pem);
    if (version != 0) {
      SSL_CTX_set_security_level(context.native_handle(), 0);
      SSL_CTX_set_min_proto_version(context.native_handle(), version);
      SSL_CTX_set_max_proto_version(context.native_handle(), version);
    }
    test::ScriptedPeer peer(loop, [this, &context](test::Socket& socket, int) -> awaitable<void> {
      ssl::stream<test::Socket&> stream(socket, context);
      auto [ec] = co_await stream.async_handshake(ssl::stream_base::server, async::nothrow);
      if (ec) co_return;
      std::string request;
      auto [failed, n] = co_await boost::asio::async_read_until(stream, boost::asio::dynamic_buffer(request),
                                                                "\r\n\r\n", async::nothrow);
      if (failed) co_return;
      ++served;
      static const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      co_await boost::asio::async_write(stream, boost::asio::buffer(kAnswer), async::nothrow);
    });
    Client client(loop.context.get_executor(), pool, clock, {.verify_tls = verify, .ca_file = ca_file});
    Outcome outcome;
    auto body = [&]() -> awaitable<void> {
      Request request;
      request.url = "https://localhost:" + std::to_string(peer.port()) + "/";
      request.connect_timeout = 3s;
      outcome = co_await client.send(std::move(request));
      co_await peer.stop();
    };
    loop.run(body());
    return outcome;
  }
  void expect_refused(const Outcome& outcome, const std::string& why) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.failure().reached, Reached::not_sent);
    EXPECT_NE(outcome.failure().error.what().find(why), std::string::npos) << outcome.failure().error.what();
    EXPECT_EQ(served, 0);
  }
};

TEST_F(TlsTest, AcceptsATrustedCertificateForTheHost) {
  auto good = test::make_certificate("localhost", -kDay, kDay);
  auto outcome = get(good, good);
  ASSERT_TRUE(outcome) << outcome.failure().error.what();
  EXPECT_EQ(outcome.response().body, "ok");
}

TEST_F(TlsTest, RefusesACertificateNobodyVouchesFor) {
  expect_refused(
      get(test::make_certificate("localhost", -kDay, kDay), test::make_certificate("other.example", -kDay, kDay)),
      "self-signed");
}

TEST_F(TlsTest, RefusesAnotherHostsCertificate) {
  auto other = test::make_certificate("other.example", -kDay, kDay);
  expect_refused(get(other, other), "certificate");
}

TEST_F(TlsTest, RefusesExpiredAndNotYetValidCertificates) {
  auto expired = test::make_certificate("localhost", -2 * kDay, -kDay);
  expect_refused(get(expired, expired), "expired");
  auto early = test::make_certificate("localhost", kDay, 2 * kDay);
  expect_refused(get(early, early), "not yet valid");
}

TEST_F(TlsTest, RefusesTls11) {
  auto good = test::make_certificate("localhost", -kDay, kDay);
  expect_refused(get(good, good, true, TLS1_1_VERSION), "TLS handshake failed");
}

TEST_F(TlsTest, TrustsAnybodyOnLoopbackOnlyWhenTold) {
  auto shown = test::make_certificate("other.example", -kDay, kDay);
  EXPECT_TRUE(get(shown, test::make_certificate("localhost", -kDay, kDay), false));
}

TEST_F(TlsTest, SaysSoWhenTheTrustFileCannotBeRead) {
  Client client(loop.context.get_executor(), pool, clock, {.ca_file = "/nonexistent/ca.pem"});
  Outcome outcome;
  auto body = [&]() -> awaitable<void> {
    Request request;
    request.url = "https://localhost:1/";
    outcome = co_await client.send(std::move(request));
  };
  loop.run(body());
  expect_refused(outcome, "/nonexistent/ca.pem");
}

}  // namespace
}  // namespace broadsheet::http
